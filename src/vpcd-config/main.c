/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vpcd-config: where a card, such as a phone, reaches the virtual reader's slots. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cmdline.h"
#include "base/console.h"
#include "base/err.h"
#include "config.h"
#include "vpcd-config/info_plist.h"
#include "vpcd-config/show.h"

#define EXIT_USAGE 2
#define FILE_SIZE_MAX 65536

enum option_id { OPTION_HELP, OPTION_VERSION, OPTION_CONFIG };

static const struct cmdline_option options[] = {
	{ OPTION_CONFIG, 'c', "config", "PATH",
	    "reader configuration: a file, or a folder of them" },
	{ OPTION_HELP, 'h', "help", NULL, "print this help and exit" },
	{ OPTION_VERSION, 0, "version", NULL, "print the version and exit" },
};

static void print_help(const struct cmdline *line)
{
	printf(
	    "Usage: vpcd-config [--config PATH]\n"
	    "Prints address, port and a QR code for each slot of the virtual readers that pcscd\n"
	    "is configured for.\n");
	cmdline_help(line, stdout);
	printf("\nPATH is %s unless given.\n", DRIVER_CONFIG);
}

static bool read_file(const char *path, char *text, size_t size, size_t *len)
{
	FILE *file = fopen(path, "rb");
	bool good;

	if (file == NULL)
		return false;
	*len = fread(text, 1, size, file);
	good = ferror(file) == 0;
	if (good && *len == size) {
		errno = EFBIG;
		good = false;
	}
	(void)fclose(file);
	return good;
}

static void show_info_plist(struct show *show, struct bytes text)
{
	struct reader_conf_entry entry = { .friendly_name = bytes_of_string("Virtual PCD") };
	struct info_plist file;

	show->setting = "ifdFriendlyName";
	info_plist_init(&file, text);
	while (info_plist_next(&file, &entry.device_name))
		show_reader(show, &entry);
}

static void show_reader_conf(struct show *show, struct bytes text)
{
	struct reader_conf_entry entry;
	struct reader_conf file;
	int r;

	show->setting = "DEVICENAME";
	reader_conf_init(&file, text);
	while ((r = reader_conf_next(&file, &entry)) == 0)
		if (reader_conf_is_vpcd(&entry))
			show_reader(show, &entry);
	if (r == ERR_FORMAT) {
		fprintf(stderr, "vpcd-config: %s, line %u: %s\n", show->path, file.line, file.why);
		show->failed = true;
	}
}

static bool is_info_plist(const char *path)
{
	const char *ending = strrchr(path, '.');

	return ending != NULL && strcmp(ending, ".plist") == 0;
}

static void show_file(struct show *show, const char *path)
{
	static char text[FILE_SIZE_MAX + 1];
	struct bytes all = { (const uint8_t *)text, 0 };

	show->path = path;
	if (!read_file(path, text, sizeof text, &all.len)) {
		fprintf(stderr, "vpcd-config: %s: %s\n", path, strerror(errno));
		show->failed = true;
	} else if (is_info_plist(path)) {
		show_info_plist(show, all);
	} else {
		show_reader_conf(show, all);
	}
}

/* As pcscd: regular files whose names do not begin with a full stop. */
static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void show_folder(struct show *show, const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_visible, alphasort);

	if (n < 0) {
		fprintf(stderr, "vpcd-config: %s: %s\n", folder, strerror(errno));
		show->failed = true;
		return;
	}
	for (int i = 0; i < n; i++) {
		char path[4096];
		struct stat status;
		int len = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);

		if (len > 0 && (size_t)len < sizeof path && stat(path, &status) == 0 &&
		    S_ISREG(status.st_mode))
			show_file(show, path);
		free(entries[i]);
	}
	free(entries);
}

static void show_config(struct show *show, const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0) {
		fprintf(stderr, "vpcd-config: %s: %s\n", path, strerror(errno));
		show->failed = true;
	} else if (S_ISDIR(status.st_mode)) {
		show_folder(show, path);
	} else {
		show_file(show, path);
	}
}

/* What the driver was built for, where no configuration says otherwise. */
static void show_defaults(struct show *show)
{
	const bool v6 = strchr(VPCDHOST, ':') != NULL && VPCDHOST[0] != '[';
	char name[sizeof VPCDHOST + 16];
	struct reader_conf_entry entry = { .friendly_name = bytes_of_string("Virtual PCD") };

	(void)snprintf(
	    name, sizeof name, "%s%s%s:%u", v6 ? "[" : "", VPCDHOST, v6 ? "]" : "", VPCD_PORT);
	entry.device_name = bytes_of_string(name);
	show->path = NULL;
	show->setting = "DEVICENAME";
	fprintf(stderr,
	    "vpcd-config: no virtual reader is configured in %s; these are the defaults of this "
	    "build\n",
	    DRIVER_CONFIG);
	show_reader(show, &entry);
}

static int run(const char *config)
{
	struct show *show = show_new();
	bool failed;

	if (show == NULL) {
		fprintf(stderr, "vpcd-config: %s\n", err_text(ERR_NO_MEMORY));
		return EXIT_FAILURE;
	}
	if (config != NULL) {
		show_config(show, config);
		if (show->n_readers == 0 && !show->failed) {
			fprintf(stderr,
			    "vpcd-config: %s: there is no virtual reader (one with libifdvpcd as "
			    "its LIBPATH) here\n",
			    config);
			show->failed = true;
		}
	} else {
		struct stat status;

		if (stat(DRIVER_CONFIG, &status) == 0)
			show_config(show, DRIVER_CONFIG);
		if (show->n_readers == 0)
			show_defaults(show);
	}
	show_end(show);
	failed = show->failed;
	show_free(show);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int usage_error(const char *what, const char *why)
{
	fprintf(stderr, "vpcd-config: %s%s\n", what, why);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *config = NULL;
	struct cmdline line;
	enum cmdline_kind kind;

	(void)argc;
	cmdline_init(&line, argv);
	cmdline_add(&line,
	    (struct cmdline_table){
	        .title = "Options", .options = options, .n_options = COUNT(options) });
	while ((kind = cmdline_next(&line)) == CMDLINE_OPTION) {
		switch ((enum option_id)line.option->id) {
		case OPTION_HELP:
			print_help(&line);
			return console_end("vpcd-config", EXIT_SUCCESS);
		case OPTION_VERSION:
			printf("vpcd-config %s\n", VERSION);
			return console_end("vpcd-config", EXIT_SUCCESS);
		case OPTION_CONFIG:
			config = line.value;
			break;
		}
	}
	if (kind == CMDLINE_ERROR)
		return usage_error(line.error, "");
	if (kind == CMDLINE_OPERAND || (line.rest != NULL && line.rest[0] != NULL))
		return usage_error(kind == CMDLINE_OPERAND ? line.value : line.rest[0],
		    ": only options are taken; --help lists them");
	return console_end("vpcd-config", run(config));
}
