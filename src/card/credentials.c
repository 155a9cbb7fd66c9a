/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The passwords and keys of a card: a list, since cards have few. */
#include "card/credentials.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/secret.h"

static void entry_free(struct credential_entry *entry)
{
	switch (entry->kind) {
	case CREDENTIAL_PASSWORD:
		pin_wipe(&entry->of.password.pin);
		break;
	case CREDENTIAL_KEY:
		key_object_done(&entry->of.key.object);
		break;
	}
	free(entry);
}

/* Takes what *link leads to out of the list. */
static void remove_at(struct credentials *credentials, struct credential_entry **link)
{
	struct credential_entry *entry = *link;

	*link = entry->next;
	credentials->n[entry->kind]--;
	entry_free(entry);
}

void credentials_leave(struct credentials *credentials, const struct file *df)
{
	struct credential_entry **link = &credentials->first;

	while (*link != NULL) {
		if (fs_is_within((*link)->of.common.df, df))
			remove_at(credentials, link);
		else
			link = &(*link)->next;
	}
}

void credentials_done(struct credentials *credentials)
{
	while (credentials->first != NULL)
		remove_at(credentials, &credentials->first);
}

/* number 0: the first of that kind that df has. */
static struct credential_entry *get(const struct credentials *credentials, enum credential kind,
    const struct file *df, uint8_t number)
{
	struct credential_entry *entry = credentials->first;

	while (entry != NULL &&
	    (entry->kind != kind || entry->of.common.df != df ||
	        (number != 0 && entry->of.common.number != number)))
		entry = entry->next;
	return entry;
}

static struct credential_entry *find(const struct credentials *credentials, enum credential kind,
    const struct file *current, uint8_t reference)
{
	uint8_t number = reference & REFERENCE_NUMBER;
	struct credential_entry *found = NULL;

	if ((reference & REFERENCE_SPECIFIC) == 0) {
		while (file_parent(current) != NULL)
			current = file_parent(current);
		return get(credentials, kind, current, number);
	}
	for (; number != 0 && found == NULL && file_parent(current) != NULL;
	     current = file_parent(current))
		found = get(credentials, kind, current, number);
	return found;
}

static int add(struct credentials *credentials, const struct credential_entry *entry)
{
	struct credential_entry **link = &credentials->first;
	const uint8_t number = entry->of.common.number;
	struct credential_entry *copy;

	if (number == 0 || number > REFERENCE_NUMBER ||
	    credentials->n[entry->kind] == CREDENTIALS_MAX)
		return ERR_LIMIT;
	if (get(credentials, entry->kind, entry->of.common.df, number) != NULL)
		return ERR_EXISTS;
	copy = malloc(sizeof *copy);
	if (copy == NULL)
		return ERR_NO_MEMORY;
	*copy = *entry;
	while (*link != NULL)
		link = &(*link)->next;
	*link = copy;
	credentials->n[entry->kind]++;
	return 0;
}

static struct password *password_of(struct credential_entry *entry)
{
	return entry != NULL ? &entry->of.password : NULL;
}

static struct card_key *key_of(struct credential_entry *entry)
{
	return entry != NULL ? &entry->of.key : NULL;
}

int credentials_add_password(struct credentials *credentials, const struct password *password)
{
	struct credential_entry entry = { .kind = CREDENTIAL_PASSWORD, .of.password = *password };
	int r = add(credentials, &entry);

	pin_wipe(&entry.of.password.pin);
	return r;
}

struct password *credentials_password(
    const struct credentials *credentials, const struct file *df, uint8_t number)
{
	return number == 0 ? NULL : password_of(get(credentials, CREDENTIAL_PASSWORD, df, number));
}

struct password *credentials_find_password(
    const struct credentials *credentials, const struct file *current, uint8_t reference)
{
	return password_of(find(credentials, CREDENTIAL_PASSWORD, current, reference));
}

int credentials_take_key(struct credentials *credentials, const struct card_key *key)
{
	struct credential_entry entry = { .kind = CREDENTIAL_KEY, .of.key = *key };
	int r = add(credentials, &entry);

	secret_wipe(&entry, sizeof entry);
	return r;
}

struct card_key *credentials_key(
    const struct credentials *credentials, const struct file *df, uint8_t number)
{
	return number == 0 ? NULL : key_of(get(credentials, CREDENTIAL_KEY, df, number));
}

struct card_key *credentials_find_key(
    const struct credentials *credentials, const struct file *current, uint8_t reference)
{
	return key_of(find(credentials, CREDENTIAL_KEY, current, reference));
}

void credentials_remove_password(struct credentials *credentials, struct password *password)
{
	struct credential_entry **link = &credentials->first;

	while (&(*link)->of.password != password)
		link = &(*link)->next;
	remove_at(credentials, link);
}

void credentials_remove_key(struct credentials *credentials, struct card_key *key)
{
	struct credential_entry **link = &credentials->first;

	while (&(*link)->of.key != key)
		link = &(*link)->next;
	remove_at(credentials, link);
}
