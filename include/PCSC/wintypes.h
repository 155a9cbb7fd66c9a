/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The types of PC/SC's C API, as wide as in PCSC-Lite. */
#ifndef PCSC_WINTYPES_H
#define PCSC_WINTYPES_H

#include <stdint.h>

#ifdef __APPLE__
typedef uint32_t DWORD;
typedef int32_t LONG;
typedef uint32_t ULONG;
#else
typedef unsigned long DWORD;
typedef long LONG;
typedef unsigned long ULONG;
#endif

typedef uint8_t BYTE;
typedef uint8_t UCHAR;
typedef uint16_t WORD;
typedef uint16_t USHORT;
typedef int16_t BOOL;
typedef long RESPONSECODE;
typedef char *LPSTR;
typedef const char *LPCSTR;
typedef char *LPTSTR;
typedef const char *LPCTSTR;
typedef char *LPWSTR;
typedef const char *LPCWSTR;
typedef char *STR;
typedef const char *LPCSTRING;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef BYTE *LPBYTE;
typedef const BYTE *LPCBYTE;
typedef BYTE *PBYTE;
typedef UCHAR *PUCHAR;
typedef DWORD *LPDWORD;
typedef DWORD *PDWORD;
typedef LONG *LPLONG;
typedef ULONG *PULONG;
typedef USHORT *PUSHORT;

#endif
