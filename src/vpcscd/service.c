/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's life. Signals are blocked in every thread and taken by the main one with sigwaitinfo(): it
 * waits for the command to end or for somebody to stop us, and does what SIGUSR1 and SIGUSR2 ask for. */
#include "vpcscd/service.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "pcsc/server.h"
#include "vpcscd/child.h"
#include "vpcscd/control.h"
#include "vpcscd/listener.h"
#include "vpcscd/notify.h"
#include "vpcscd/open_files.h"
#include "vpcscd/pidfile.h"
#include "vpcscd/readers.h"

struct service {
	const struct settings *settings;
	sigset_t signals; /* that we take */
	struct child_surroundings surroundings;
	struct open_files limits;
	struct listener listener;
	struct pidfile *pidfile;
	struct pcsc *pcsc;
	struct readers readers;
	struct server *server;
	pthread_t server_thread;
	bool serving;
	struct control *control;
};

static void *serve(void *arg)
{
	struct service *service = arg;

	if (server_run(service->server) < 0) {
		log_error("the service's socket failed");
		(void)kill(getpid(), SIGTERM); /* to the main thread */
	}
	return NULL;
}

static int start_server(struct service *service)
{
	int fd = service->listener.service.fd;
	int r;

	service->listener.service.fd = -1; /* the server's from here on */
	r = server_new_take(service->pcsc, fd, &service->server);
	if (r < 0)
		return r;
	r = pthread_create(&service->server_thread, NULL, serve, service);
	if (r != 0) {
		errno = r;
		return ERR_NO_MEMORY;
	}
	service->serving = true;
	service->control = control_start(service->listener.control.fd, &service->readers);
	return service->control != NULL ? 0 : ERR_IO;
}

/* ERR_*: said in the log; whatever has been made is taken down by stop(). The sockets come first: their
 * failure is the most likely, and there are no threads yet. */
static int start(struct service *service)
{
	const struct settings *settings = service->settings;
	int r = listener_open(settings->socket, &service->listener);

	if (r == 0 && settings->pid_file != NULL)
		r = pidfile_new(settings->pid_file, &service->pidfile);
	if (r < 0)
		return r;
	service->pcsc = pcsc_new();
	if (service->pcsc == NULL) {
		log_error("cannot start: %s", err_text(ERR_NO_MEMORY));
		return ERR_NO_MEMORY;
	}
	r = readers_open(settings, service->pcsc, &service->readers);
	if (r < 0)
		return r;
	r = start_server(service);
	if (r < 0)
		log_error("cannot start: %s", errno != 0 ? strerror(errno) : err_text(r));
	return r;
}

/* From the moment that nobody finds us any more. */
static void stop(struct service *service)
{
	listener_unlink(&service->listener);
	pidfile_free(service->pidfile);
	readers_hurry(&service->readers);
	control_stop(service->control);
	if (service->serving) {
		server_stop(service->server);
		(void)pthread_join(service->server_thread, NULL);
	}
	server_free(service->server);
	listener_close(&service->listener);
	pcsc_free(service->pcsc);
	readers_done(&service->readers);
}

/* What SIGUSR1 and SIGUSR2 do to the card in the first reader. */
static void move_first_card(struct service *service, enum request_action action)
{
	char error[SETTINGS_ERROR_SIZE];
	char first[] = "0";
	char *words[] = { first, NULL };

	if (readers_do(&service->readers, action, first, words, error) < 0)
		log_warning("%s", error);
}

/* Passes a signal on that is to end the command. Ctrl-C and Ctrl-\ at a terminal reach it by themselves; a
 * terminal that is hung up may have told us alone. */
static void pass_on(pid_t command, const siginfo_t *info)
{
	if (info->si_code != SI_KERNEL || info->si_signo == SIGHUP)
		(void)kill(command, info->si_signo);
}

/* Takes signals until the command (0: there is none) has ended, or somebody stops us. The exit status. */
static int wait_for_end(struct service *service, pid_t command)
{
	siginfo_t info;
	int status;

	for (;;) {
		switch (sigwaitinfo(&service->signals, &info)) {
		case SIGUSR1:
			move_first_card(service, REQUEST_EJECT);
			break;
		case SIGUSR2:
			move_first_card(service, REQUEST_INSERT);
			break;
		case SIGCHLD:
			if (command != 0 && waitpid(command, &status, WNOHANG) == command)
				return child_exit_status(status);
			break;
		case SIGINT:
		case SIGTERM:
		case SIGHUP:
		case SIGQUIT:
			if (command == 0)
				return EXIT_SUCCESS;
			pass_on(command, &info);
			break;
		default: /* interrupted */
			break;
		}
	}
}

static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Under nohup SIGHUP stays ignored. SIGPIPE would end us without a word when nobody reads our log. */
static void take_signals(struct service *service)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGQUIT, SIGCHLD, SIGUSR1, SIGUSR2 };

	(void)sigemptyset(&service->signals);
	for (size_t i = 0; i < COUNT(numbers); i++)
		(void)sigaddset(&service->signals, numbers[i]);
	if (!is_ignored(SIGHUP))
		(void)sigaddset(&service->signals, SIGHUP);
	(void)sigemptyset(&service->surroundings.reset);
	if (!is_ignored(SIGPIPE))
		(void)sigaddset(&service->surroundings.reset, SIGPIPE);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL); /* ignored, there would be no exit status */
	(void)pthread_sigmask(SIG_BLOCK, &service->signals, &service->surroundings.mask);
}

/* In words of the shell, for eval. */
static void print_how_to_reach(const char *path)
{
	printf("export PCSCLITE_CSOCK_NAME='");
	for (; *path != '\0'; path++)
		if (*path == '\'')
			printf("'\\''");
		else
			putchar(*path);
	printf("'\n");
	if (fflush(stdout) != 0)
		log_warning("cannot say where the service is: %s", strerror(errno));
}

/* The service has started. The exit status. */
static int run_started(struct service *service)
{
	const char *path = service->listener.service.path;
	pid_t command = 0;
	int status = 0;

	log_info("Serving at %s", path);
	if (service->settings->command != NULL) {
		open_files_restore(&service->limits);
		status =
		    child_start(service->settings->command, path, &service->surroundings, &command);
		open_files_again(&service->limits);
	} else {
		print_how_to_reach(path);
	}
	if (status != 0)
		return status;
	notify_ready();
	return wait_for_end(service, command);
}

static int run(struct service *service)
{
	int status = EXIT_FAILURE;

	listener_init(&service->listener);
	readers_init(&service->readers);
	take_signals(service);
	notify_init();
	open_files_raise(&service->limits);
	if (service->settings->daemon && notify_daemonize() < 0)
		return EXIT_FAILURE;
	if (start(service) == 0)
		status = run_started(service);
	stop(service);
	return status;
}

int service_run(const struct settings *settings)
{
	struct service *service = calloc(1, sizeof *service); /* too large for the stack */
	int status;

	if (service == NULL) {
		log_error("cannot start: %s", err_text(ERR_NO_MEMORY));
		return EXIT_FAILURE;
	}
	service->settings = settings;
	status = run(service);
	free(service);
	return status;
}
