/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The service's life. Signals are blocked in every thread and taken by the main one with sigwait(): it
 * waits for the command to end or for somebody to stop us, and does what SIGUSR1 and SIGUSR2 ask for. */
#include "vpcscd/service.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "pcsc/server.h"
#include "vpcscd/child.h"
#include "vpcscd/control.h"
#include "vpcscd/listener.h"
#include "vpcscd/notify.h"
#include "vpcscd/readers.h"

struct service {
	struct pcsc *pcsc;
	struct readers readers;
	struct listener listener;
	struct server *server;
	pthread_t server_thread;
	bool serving;
	struct control *control;
};

static void *serve(void *arg)
{
	struct service *service = arg;

	if (server_run(service->server) < 0)
		log_error("the service's socket failed");
	return NULL;
}

/* ERR_*: said in the log; whatever has been made is taken down by stop(). */
static int start(struct service *service, const struct settings *settings)
{
	int fd, r;

	service->pcsc = pcsc_new();
	if (service->pcsc == NULL)
		return ERR_NO_MEMORY;
	r = readers_open(settings, service->pcsc, &service->readers);
	if (r == 0)
		r = listener_open(settings->socket, &service->listener);
	if (r < 0)
		return r;
	fd = service->listener.fd;
	service->listener.fd = -1; /* the server's from here on */
	r = server_new_take(service->pcsc, fd, &service->server);
	if (r < 0)
		return r;
	if (pthread_create(&service->server_thread, NULL, serve, service) != 0)
		return ERR_NO_MEMORY;
	service->serving = true;
	service->control = control_start(service->listener.control, &service->readers);
	return service->control != NULL ? 0 : ERR_NO_MEMORY;
}

static void stop(struct service *service)
{
	control_stop(service->control);
	if (service->serving) {
		server_stop(service->server);
		(void)pthread_join(service->server_thread, NULL);
	}
	server_free(service->server);
	listener_close(&service->listener);
	pcsc_free(service->pcsc);
}

/* What SIGUSR1 and SIGUSR2 do to the card in the first reader. */
static void move_first_card(struct service *service, enum readers_action action)
{
	char error[SETTINGS_ERROR_SIZE];
	char first[] = "0";
	char *words[] = { first, NULL };

	if (readers_do(&service->readers, action, first, words, error) < 0)
		log_warning("%s", error);
}

/* Takes signals until the command (0: there is none) has ended, or somebody stops us. The exit status. */
static int wait_for_end(struct service *service, const sigset_t *signals, pid_t command)
{
	siginfo_t info;
	int status;

	for (;;) {
		int number = sigwaitinfo(signals, &info);

		switch (number) {
		case SIGUSR1:
			move_first_card(service, READERS_EJECT);
			break;
		case SIGUSR2:
			move_first_card(service, READERS_INSERT);
			break;
		case SIGCHLD:
			if (command != 0 && waitpid(command, &status, WNOHANG) == command)
				return child_exit_status(status);
			break;
		case SIGINT:
		case SIGTERM:
		case SIGHUP:
			if (command == 0)
				return EXIT_SUCCESS;
			/* From a terminal the command has got it as well. */
			if (info.si_code != SI_KERNEL)
				(void)kill(command, number);
			break;
		default:
			break;
		}
	}
}

static void block_signals(sigset_t *blocked, sigset_t *before)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2 };

	(void)sigemptyset(blocked);
	for (size_t i = 0; i < COUNT(numbers); i++)
		(void)sigaddset(blocked, numbers[i]);
	(void)pthread_sigmask(SIG_BLOCK, blocked, before);
}

static void print_how_to_reach(const struct service *service)
{
	printf("export PCSCLITE_CSOCK_NAME=%s\n", service->listener.path);
	(void)fflush(stdout);
}

/* The service has started. The exit status. */
static int run_started(
    struct service *service, const struct settings *settings, const sigset_t *signals[2])
{
	pid_t command = 0;

	if (settings->command != NULL) {
		int status =
		    child_start(settings->command, service->listener.path, signals[1], &command);

		if (status != 0)
			return status;
	} else if (!settings->daemon && !service->listener.given) {
		print_how_to_reach(service);
	}
	notify_ready();
	return wait_for_end(service, signals[0], command);
}

int service_run(const struct settings *settings)
{
	struct service service = { .listener = { .fd = -1, .control = -1 } };
	sigset_t blocked, before;
	const sigset_t *signals[] = { &blocked, &before };
	int status = EXIT_FAILURE;

	block_signals(&blocked, &before);
	if (settings->daemon && notify_daemonize() < 0)
		return EXIT_FAILURE;
	if (start(&service, settings) == 0 && notify_pid_file(settings->pid_file) == 0) {
		status = run_started(&service, settings, signals);
		notify_remove_pid_file(settings->pid_file);
	}
	stop(&service);
	return status;
}
