/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords and keys of a card: lists, since cards have few. */
#include "card/credentials.h"

#include <stdlib.h>

#include "base/err.h"

static void password_free(struct password *password)
{
	pin_wipe(&password->pin);
	free(password);
}

static void key_free(struct card_key *key)
{
	key_object_done(&key->object);
	free(key);
}

static bool goes_with(const struct file *owner, const struct file *df)
{
	return df == NULL || fs_is_within(owner, df);
}

static void leave_passwords(struct credentials *credentials, const struct file *df)
{
	struct password **link = &credentials->passwords;

	while (*link != NULL) {
		struct password *password = *link;

		if (!goes_with(password->df, df)) {
			link = &password->next;
			continue;
		}
		*link = password->next;
		credentials->n_passwords--;
		password_free(password);
	}
}

static void leave_keys(struct credentials *credentials, const struct file *df)
{
	struct card_key **link = &credentials->keys;

	while (*link != NULL) {
		struct card_key *key = *link;

		if (!goes_with(key->df, df)) {
			link = &key->next;
			continue;
		}
		*link = key->next;
		credentials->n_keys--;
		key_free(key);
	}
}

void credentials_leave(struct credentials *credentials, const struct file *df)
{
	leave_passwords(credentials, df);
	leave_keys(credentials, df);
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

int credentials_take_key(struct credentials *credentials, const struct card_key *key)
{
	struct card_key **link = &credentials->keys;
	struct card_key *copy;

	if (key->number == 0 || key->number > REFERENCE_NUMBER ||
	    credentials->n_keys == CREDENTIALS_MAX)
		return ERR_LIMIT;
	if (credentials_key(credentials, key->df, key->number) != NULL)
		return ERR_EXISTS;
	copy = malloc(sizeof *copy);
	if (copy == NULL)
		return ERR_NO_MEMORY;
	*copy = *key;
	copy->next = NULL;
	while (*link != NULL)
		link = &(*link)->next;
	*link = copy;
	credentials->n_keys++;
	return 0;
}

struct card_key *credentials_key(
    const struct credentials *credentials, const struct file *df, uint8_t number)
{
	struct card_key *key = credentials->keys;

	while (key != NULL && (key->df != df || key->number != number))
		key = key->next;
	return key;
}

static struct card_key *any_key(const struct credentials *credentials, const struct file *df)
{
	struct card_key *key = credentials->keys;

	while (key != NULL && key->df != df)
		key = key->next;
	return key;
}

struct card_key *credentials_find_key(
    const struct credentials *credentials, const struct file *current, uint8_t reference)
{
	uint8_t number = reference & REFERENCE_NUMBER;
	struct card_key *found = NULL;

	if ((reference & REFERENCE_SPECIFIC) == 0) {
		while (file_parent(current) != NULL)
			current = file_parent(current);
		return number == 0 ? any_key(credentials, current)
		                   : credentials_key(credentials, current, number);
	}
	for (; found == NULL && file_parent(current) != NULL; current = file_parent(current))
		found = credentials_key(credentials, current, number);
	return found;
}

void credentials_remove_key(struct credentials *credentials, struct card_key *key)
{
	struct card_key **link = &credentials->keys;

	while (*link != key)
		link = &(*link)->next;
	*link = key->next;
	credentials->n_keys--;
	key_free(key);
}
