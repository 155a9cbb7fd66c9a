/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader driver, loaded the way pcscd does. */
#ifndef TESTS_IFD_DRIVER_H
#define TESTS_IFD_DRIVER_H

#include <stdbool.h>

#include "ifd/polling.h"

struct driver {
	void *library;
	RESPONSECODE (*create_channel)(DWORD, DWORD);
	RESPONSECODE (*create_channel_by_name)(DWORD, LPSTR);
	RESPONSECODE (*close_channel)(DWORD);
	RESPONSECODE (*get_capabilities)(DWORD, DWORD, PDWORD, PUCHAR);
	RESPONSECODE (*set_capabilities)(DWORD, DWORD, DWORD, PUCHAR);
	RESPONSECODE (*set_protocol_parameters)(DWORD, DWORD, UCHAR, UCHAR, UCHAR, UCHAR);
	RESPONSECODE (*power_icc)(DWORD, DWORD, PUCHAR, PDWORD);
	RESPONSECODE(*transmit_to_icc)
	(DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER);
	RESPONSECODE (*control)(DWORD, DWORD, PUCHAR, DWORD, PUCHAR, DWORD, LPDWORD);
	RESPONSECODE (*icc_presence)(DWORD);
};

/* Loads a driver and finds its functions; says on stderr what is missing. */
bool driver_load(struct driver *driver, const char *path);
void driver_unload(struct driver *driver);

/* The functions that are asked for by tag; NULL: the driver has none. */
polling_function *driver_polling(const struct driver *driver, DWORD lun);
polling_stop_function *driver_stop(const struct driver *driver, DWORD lun);

/* As IFDHCreateChannelByName() for a name that must not be written to. */
RESPONSECODE driver_open(const struct driver *driver, DWORD lun, const char *name);

/* Sleeps in the driver's polling function until presence is as wanted; false after timeout_ms. */
bool driver_wait(const struct driver *driver, DWORD lun, bool present, int timeout_ms);

#endif
