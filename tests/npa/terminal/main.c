/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal's program: does what the command line says with the card in a reader, in that order, and prints what the
 * card answered. The first answer but 9000 to a step ends it with status 3, a card that cannot prove itself or talks
 * nonsense with status 1, a wrong command line with status 2. */
#include "terminal.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 64

static const char usage[] =
    "usage: terminal --reader NAME [SETTING...] STEP...\n"
    "settings\n"
    "  --reader NAME           the reader whose card it is\n"
    "  --chain FILE            a certificate of the chain, from the top down; several times\n"
    "  --key FILE              the key of the last certificate (PKCS #8, DER or PEM)\n"
    "  --csca FILE             verify EF.CardSecurity with this certificate (DER)\n"
    "  --chat HEX              what PACE asks for, instead of all that the last certificate has\n"
    "  --ca-key HEX            which key of the card's Chip Authentication is to use\n"
    "  --write-binary          write by WRITE BINARY, as npa-tool does, not by UPDATE BINARY\n"
    "  --trace                 print commands and answers\n"
    "steps\n"
    "  --password KIND VALUE   PACE; KIND: mrz, can, pin, puk\n"
    "  --eac                   Terminal and Chip Authentication\n"
    "  --ta                    Terminal Authentication alone\n"
    "  --card-access           print EF.CardAccess\n"
    "  --read N                read data group N\n"
    "  --write N=HEX           write data group N\n"
    "  --older-than DATE       was the holder born on that day or before? YYYYMMDD\n"
    "  --valid-on DATE         is the document still valid that day?\n"
    "  --community HEX         does the holder live there?\n"
    "  --change KIND VALUE     a new pin or can\n"
    "  --unblock KIND          reset the retry counter alone\n"
    "  --activate KIND, --deactivate KIND\n"
    "  --expect SW             the next step is to be answered with this\n";

struct step {
	const char *name;
	const char *arguments[2];
};

static const struct {
	const char *name;
	int n; /* of arguments */
	bool setting;
} options[] = {
	{ "--reader", 1, true },
	{ "--chain", 1, true },
	{ "--key", 1, true },
	{ "--csca", 1, true },
	{ "--chat", 1, true },
	{ "--ca-key", 1, true },
	{ "--write-binary", 0, true },
	{ "--trace", 0, true },
	{ "--password", 2, false },
	{ "--eac", 0, false },
	{ "--ta", 0, false },
	{ "--card-access", 0, false },
	{ "--read", 1, false },
	{ "--write", 1, false },
	{ "--older-than", 1, false },
	{ "--valid-on", 1, false },
	{ "--community", 1, false },
	{ "--change", 2, false },
	{ "--unblock", 1, false },
	{ "--activate", 1, false },
	{ "--deactivate", 1, false },
	{ "--expect", 1, false },
};

#define OPTIONS (sizeof options / sizeof *options)

static struct {
	const char *reader;
	bool trace;
	struct step steps[STEPS_MAX];
	size_t n;
} line;

_Noreturn static void wrong(const char *what)
{
	fprintf(stderr, "terminal: %s\n%s", what, usage);
	exit(2);
}

static bool is(const struct step *step, const char *name)
{
	return strcmp(step->name, name) == 0;
}

static enum s_type kind_of(const char *text)
{
	static const char *const kinds[] = { "mrz", "can", "pin", "puk" };

	for (unsigned int i = 0; i < 4; i++)
		if (strcmp(kinds[i], text) == 0)
			return (enum s_type)(PACE_MRZ + i);
	wrong("a password is one of mrz, can, pin, puk");
}

static unsigned int number_of(const char *text, int base)
{
	char *end;
	unsigned long value = strtoul(text, &end, base);

	if (end == text || (*end != '\0' && *end != '=') || value > 0xFFFF)
		wrong("a number is wrong");
	return (unsigned int)value;
}

static struct blob key_file(const char *path)
{
	struct blob file = blob_file(path), key;
	BIO *bio = BIO_new_mem_buf(file.data, (int)file.len);
	unsigned char *der = NULL;
	char *name = NULL, *header = NULL;
	long len = 0;

	/* What is no PEM is DER. */
	if (bio == NULL || PEM_read_bio(bio, &name, &header, &der, &len) != 1) {
		BIO_free(bio);
		ERR_clear_error();
		return file;
	}
	key = blob_of(der, (size_t)len);
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	BIO_free(bio);
	return key;
}

static void set(struct terminal *terminal, const struct step *setting)
{
	const char *value = setting->arguments[0];

	if (is(setting, "--reader"))
		line.reader = value;
	else if (is(setting, "--trace"))
		line.trace = true;
	else if (is(setting, "--write-binary"))
		terminal->write_binary = true;
	else if (is(setting, "--key"))
		terminal->key = key_file(value);
	else if (is(setting, "--csca"))
		terminal->csca = value;
	else if (is(setting, "--chat"))
		terminal->chat = blob_hex(value);
	else if (is(setting, "--ca-key"))
		terminal->ca_key = blob_hex(value);
	else if (terminal->n_chain == CHAIN_MAX)
		wrong("too many certificates");
	else
		terminal->chain[terminal->n_chain++] = blob_file(value);
}

/* One option with its arguments; returns how many words those are. */
static int parse_option(struct terminal *terminal, char **words, int n)
{
	struct step step = { words[0], { NULL, NULL } };

	for (size_t i = 0; i < OPTIONS; i++) {
		if (strcmp(words[0], options[i].name) != 0)
			continue;
		if (n <= options[i].n)
			wrong("an argument is missing");
		for (int k = 0; k < options[i].n; k++)
			step.arguments[k] = words[1 + k];
		if (options[i].setting)
			set(terminal, &step);
		else if (line.n == STEPS_MAX)
			wrong("too many steps");
		else
			line.steps[line.n++] = step;
		return options[i].n;
	}
	wrong(words[0]);
}

static enum comparison comparison_of(const struct step *step)
{
	return is(step, "--older-than") ? COMPARE_BIRTH
	    : is(step, "--valid-on")    ? COMPARE_EXPIRY
	                                : COMPARE_COMMUNITY;
}

static bool compares(const struct step *step)
{
	return is(step, "--older-than") || is(step, "--valid-on") || is(step, "--community");
}

/* What is going to be compared, which Terminal Authentication signs. */
static void collect_auxiliary(struct terminal *terminal)
{
	struct blob entries = { NULL, 0 };

	for (size_t i = 0; i < line.n; i++) {
		const struct step *step = &line.steps[i];
		struct blob reference;

		if (!compares(step))
			continue;
		reference = is(step, "--community") ? blob_hex(step->arguments[0])
		                                    : blob_text(step->arguments[0]);
		entries = blob_join(entries, auxiliary_entry(comparison_of(step), reference));
	}
	if (entries.len > 0)
		terminal->auxiliary = tlv(0x67, entries);
}

static unsigned int run_password(struct terminal *terminal, const struct step *step)
{
	int tries = -1;
	unsigned int sw =
	    terminal_pace(terminal, kind_of(step->arguments[0]), step->arguments[1], &tries);

	if (tries >= 0)
		printf("tries before: %d\n", tries);
	return sw;
}

static unsigned int run_eac(struct terminal *terminal, bool chip)
{
	unsigned int sw;

	if (terminal->n_chain == 0 || terminal->key.data == NULL || terminal->eac == NULL)
		wrong("Terminal Authentication needs --chain, --key and PACE before");
	sw = terminal_authenticate(terminal);
	printf("terminal authentication: %04X\n", sw);
	if (sw != SW_OK || !chip)
		return sw;
	sw = chip_authenticate(terminal);
	printf("chip authentication: %04X\n", sw);
	return sw;
}

static unsigned int run_read(struct terminal *terminal, const struct step *step)
{
	struct blob content = { NULL, 0 };
	unsigned int sw = group_read(terminal, number_of(step->arguments[0], 10), &content);
	char before[32];

	snprintf(before, sizeof before, "DG%s ", step->arguments[0]);
	if (sw == SW_OK)
		blob_print(before, content);
	return sw;
}

static unsigned int run_write(struct terminal *terminal, const struct step *step)
{
	const char *value = strchr(step->arguments[0], '=');

	if (value == NULL)
		wrong("--write N=HEX");
	return group_write(terminal, number_of(step->arguments[0], 10), blob_hex(value + 1));
}

static unsigned int run_card_access(struct terminal *terminal)
{
	unsigned int sw = file_read(terminal, 0x1C, &terminal->card_access);

	blob_print("EF.CardAccess ", terminal->card_access);
	return sw;
}

static unsigned int run_step(struct terminal *terminal, const struct step *step)
{
	struct blob none = { NULL, 0 };

	if (is(step, "--password"))
		return run_password(terminal, step);
	if (is(step, "--eac") || is(step, "--ta"))
		return run_eac(terminal, is(step, "--eac"));
	if (is(step, "--card-access"))
		return run_card_access(terminal);
	if (is(step, "--read"))
		return run_read(terminal, step);
	if (is(step, "--write"))
		return run_write(terminal, step);
	if (compares(step))
		return auxiliary_verify(terminal, comparison_of(step));
	if (is(step, "--change"))
		return password_reset(
		    terminal, kind_of(step->arguments[0]), blob_text(step->arguments[1]));
	if (is(step, "--unblock"))
		return password_reset(terminal, kind_of(step->arguments[0]), none);
	return password_activate(terminal, kind_of(step->arguments[0]), is(step, "--activate"));
}

static int run(struct terminal *terminal)
{
	unsigned int expected = SW_OK;

	for (size_t i = 0; i < line.n; i++) {
		const struct step *step = &line.steps[i];
		unsigned int sw;

		if (is(step, "--expect")) {
			expected = number_of(step->arguments[0], 16);
			continue;
		}
		sw = run_step(terminal, step);
		printf("%s %s: %04X\n", step->name + 2,
		    step->arguments[0] != NULL ? step->arguments[0] : "", sw);
		if (sw != expected)
			return 3;
		expected = SW_OK;
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct terminal terminal = { 0 };
	int status;

	for (int i = 1; i < argc; i++)
		i += parse_option(&terminal, argv + i, argc - i);
	if (line.reader == NULL || line.n == 0)
		wrong("--reader and a step are needed");
	EAC_init();
	collect_auxiliary(&terminal);
	if (terminal.chat.data == NULL && terminal.n_chain > 0)
		terminal.chat = chain_chat(&terminal);
	terminal.channel = channel_open(line.reader, line.trace);
	status = run(&terminal);
	channel_close(terminal.channel);
	EAC_CTX_clear_free(terminal.eac);
	EAC_cleanup();
	return status;
}
