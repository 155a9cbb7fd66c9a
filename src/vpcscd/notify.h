/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling whoever started us that we are ready: the parent of a daemon, a service manager, a file. */
#ifndef VPCSCD_NOTIFY_H
#define VPCSCD_NOTIFY_H

/* Goes to the background: the parent waits for notify_ready() and exits with success, or with failure
 * when we exit before. Must come before there are threads. ERR_IO: said in the log. */
int notify_daemonize(void);

/* Tells the parent, and systemd's NOTIFY_SOCKET. */
void notify_ready(void);

/* Writes our process id. NULL: nothing is done. ERR_IO: said in the log. */
int notify_pid_file(const char *path);
void notify_remove_pid_file(const char *path);

#endif
