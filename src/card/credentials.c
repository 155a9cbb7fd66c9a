/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords of a card: a list, since cards have few. */
#include "card/credentials.h"

#include <stdlib.h>

#include "base/err.h"

static void password_free(struct password *password)
{
	pin_wipe(&password->pin);
	free(password);
}

void credentials_leave(struct credentials *credentials, const struct file *df)
{
	struct password **link = &credentials->passwords;

	while (*link != NULL) {
		struct password *password = *link;

		if (df != NULL && !fs_is_within(password->df, df)) {
			link = &password->next;
			continue;
		}
		*link = password->next;
		credentials->n_passwords--;
		password_free(password);
	}
}

void credentials_done(struct credentials *credentials)
{
	credentials_leave(credentials, NULL);
}

int credentials_add_password(struct credentials *credentials, const struct password *password)
{
	struct password **link = &credentials->passwords;
	struct password *copy;

	if (password->number == 0 || password->number > REFERENCE_NUMBER ||
	    credentials->n_passwords == CREDENTIALS_MAX)
		return ERR_LIMIT;
	if (credentials_password(credentials, password->df, password->number) != NULL)
		return ERR_EXISTS;
	copy = malloc(sizeof *copy);
	if (copy == NULL)
		return ERR_NO_MEMORY;
	*copy = *password;
	copy->next = NULL;
	while (*link != NULL)
		link = &(*link)->next;
	*link = copy;
	credentials->n_passwords++;
	return 0;
}

struct password *credentials_password(
    const struct credentials *credentials, const struct file *df, uint8_t number)
{
	struct password *password = credentials->passwords;

	while (password != NULL && (password->df != df || password->number != number))
		password = password->next;
	return password;
}

/* The first password of df. */
static struct password *any_password(const struct credentials *credentials, const struct file *df)
{
	struct password *password = credentials->passwords;

	while (password != NULL && password->df != df)
		password = password->next;
	return password;
}

struct password *credentials_find_password(
    const struct credentials *credentials, const struct file *current, uint8_t reference)
{
	uint8_t number = reference & REFERENCE_NUMBER;
	struct password *found = NULL;

	if ((reference & REFERENCE_SPECIFIC) == 0) {
		while (file_parent(current) != NULL)
			current = file_parent(current);
		return number == 0 ? any_password(credentials, current)
		                   : credentials_password(credentials, current, number);
	}
	for (; found == NULL && file_parent(current) != NULL; current = file_parent(current))
		found = credentials_password(credentials, current, number);
	return found;
}
