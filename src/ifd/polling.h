/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two functions that pcscd does not find by name but asks for: they let its polling thread sleep
 * until a card comes or goes. */
#ifndef IFD_POLLING_H
#define IFD_POLLING_H

#include "ifd/abi.h"

typedef RESPONSECODE polling_function(DWORD lun, int timeout_ms);
typedef RESPONSECODE polling_stop_function(DWORD lun);

polling_function polling_wait;
polling_stop_function polling_stop;

#endif
