/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pcscd's polling thread sleeps in (TAG_IFD_POLLING_THREAD_WITH_TIMEOUT). */
#include "ifd/polling.h"

#include "base/err.h"
#include "ifd/channel.h"

/* After any other answer than success pcscd sleeps another 400 ms before it looks; so a wait that ran out
 * or was stopped counts as success, and only one that would return at once again and again does not. */
RESPONSECODE polling_wait(DWORD lun, int timeout_ms)
{
	struct channel *channel = channel_enter(lun);
	int r;

	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	r = channel_wait(channel, timeout_ms);
	channel_leave(channel);
	if (r == 0 || r == ERR_TIMEOUT || r == ERR_INTERRUPTED)
		return IFD_SUCCESS;
	return IFD_COMMUNICATION_ERROR;
}

/* pcscd calls this before it closes the reader, and whenever its thread is to begin a wait with another
 * time-out; the thread may not be waiting yet. */
RESPONSECODE polling_stop(DWORD lun)
{
	struct channel *channel = channel_enter(lun);

	if (channel == NULL)
		return IFD_COMMUNICATION_ERROR;
	channel_stop_waiting(channel);
	channel_leave(channel);
	return IFD_SUCCESS;
}
