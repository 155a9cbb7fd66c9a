/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a biometric record says of the picture in it: kind and size, from the beginning of a JPEG file (ISO/IEC 10918-1)
 * or of JPEG 2000 (ISO/IEC 15444-1), in a JP2 file or as a bare codestream. The picture itself is not decoded. */
#ifndef LDS_PICTURE_H
#define LDS_PICTURE_H

#include "base/bytes.h"

enum picture_kind { PICTURE_JPEG, PICTURE_JPEG_2000 };

struct picture {
	struct bytes file;
	enum picture_kind kind;
	uint16_t width, height; /* not 0 */
	uint8_t components;     /* 1: grey, 3: colours */
};

/* ERR_FORMAT: neither, or it ends too early; ERR_LIMIT: wider or higher than 65535, which no record can say. */
MUST_USE int picture_parse(struct bytes file, struct picture *out);

#endif
