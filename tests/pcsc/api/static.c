/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An application with libpcsclite.a and nothing else: everything is in there, and it works. */
#include <PCSC/reader.h>
#include <PCSC/winscard.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	SCARDCONTEXT context;
	char names[256];
	DWORD len = sizeof names;
	LONG r;

	/* It connects to nobody, so that no port of the machine is taken. */
	(void)setenv("VPCD_DEVICENAME", "127.0.0.1:9", 1);
	(void)setenv("VPCD_WAIT", "0", 1);
	r = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);
	if (r == SCARD_S_SUCCESS)
		r = SCardListReaders(context, NULL, names, &len);
	if (r == SCARD_S_SUCCESS)
		r = SCardReleaseContext(context);
	printf("%s %s\n", pcsc_stringify_error(r), names);
	return r != SCARD_S_SUCCESS;
}
