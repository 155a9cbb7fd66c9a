/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reader driver, loaded the way pcscd does. */
#include "driver.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static const struct {
	const char *name;
	size_t where;
} functions[] = {
	{ "IFDHCreateChannel", offsetof(struct driver, create_channel) },
	{ "IFDHCreateChannelByName", offsetof(struct driver, create_channel_by_name) },
	{ "IFDHCloseChannel", offsetof(struct driver, close_channel) },
	{ "IFDHGetCapabilities", offsetof(struct driver, get_capabilities) },
	{ "IFDHSetCapabilities", offsetof(struct driver, set_capabilities) },
	{ "IFDHSetProtocolParameters", offsetof(struct driver, set_protocol_parameters) },
	{ "IFDHPowerICC", offsetof(struct driver, power_icc) },
	{ "IFDHTransmitToICC", offsetof(struct driver, transmit_to_icc) },
	{ "IFDHControl", offsetof(struct driver, control) },
	{ "IFDHICCPresence", offsetof(struct driver, icc_presence) },
};

bool driver_load(struct driver *driver, const char *path)
{
	*driver = (struct driver){ .library = dlopen(path, RTLD_NOW | RTLD_LOCAL) };
	if (driver->library == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		return false;
	}
	for (size_t i = 0; i < COUNT(functions); i++) {
		void *address = dlsym(driver->library, functions[i].name);

		if (address == NULL) {
			fprintf(stderr, "%s: no %s\n", path, functions[i].name);
			driver_unload(driver);
			return false;
		}
		/* ISO C has no conversion from an object's to a function's address. */
		memcpy((char *)driver + functions[i].where, &address, sizeof address);
	}
	return true;
}

void driver_unload(struct driver *driver)
{
	dlclose(driver->library);
	driver->library = NULL;
}

static bool ask(const struct driver *driver, DWORD lun, DWORD tag, void *out, DWORD size)
{
	DWORD length = size;

	return driver->get_capabilities(lun, tag, &length, out) == IFD_SUCCESS && length == size;
}

polling_function *driver_polling(const struct driver *driver, DWORD lun)
{
	polling_function *function = NULL;

	if (!ask(driver, lun, TAG_IFD_POLLING_THREAD_WITH_TIMEOUT, &function, sizeof function))
		return NULL;
	return function;
}

polling_stop_function *driver_stop(const struct driver *driver, DWORD lun)
{
	polling_stop_function *function = NULL;

	if (!ask(driver, lun, TAG_IFD_STOP_POLLING_THREAD, &function, sizeof function))
		return NULL;
	return function;
}

RESPONSECODE driver_open(const struct driver *driver, DWORD lun, const char *name)
{
	char copy[1024];

	(void)snprintf(copy, sizeof copy, "%s", name);
	return driver->create_channel_by_name(lun, copy);
}

bool driver_wait(const struct driver *driver, DWORD lun, bool present, int timeout_ms)
{
	polling_function *poll = driver_polling(driver, lun);
	int64_t deadline = clock_deadline(timeout_ms);

	while ((driver->icc_presence(lun) == IFD_ICC_PRESENT) != present) {
		int left = clock_left(deadline);

		if (left == 0 || poll == NULL || poll(lun, left) != IFD_SUCCESS)
			return false;
	}
	return true;
}
