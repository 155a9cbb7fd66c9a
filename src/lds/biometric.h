/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Biometric data groups: DG2, DG3, DG4 (ICAO 9303-10, 4.7.2 to 4.7.4). Templates 7F61 and 7F60 with the header of CBEFF, around a
 * record of ISO/IEC 19794-5 (face), 19794-4 (finger) or 19794-6 (iris), edition 2005, around a picture. */
#ifndef LDS_BIOMETRIC_H
#define LDS_BIOMETRIC_H

#include "base/writer.h"
#include "lds/picture.h"

#define BIOMETRIC_OVERHEAD 160        /* bytes of a data group besides the picture, at most */
#define BIOMETRIC_PICTURE_MAX 1000000 /* of the picture's file */
#define BIOMETRIC_RECORDS_MAX 9       /* in one data group */

enum biometric_type { BIOMETRIC_FACE, BIOMETRIC_FINGER, BIOMETRIC_IRIS, BIOMETRIC_TYPES };

/* Appends the whole data group with one picture. ERR_LIMIT. */
MUST_USE int biometric_put(
    enum biometric_type type, const struct picture *picture, struct writer *out);

struct biometric {
	uint16_t owner, format; /* of the record */
	struct bytes record;
};

/* Reads a data group into its records. At most BIOMETRIC_RECORDS_MAX. ERR_FORMAT, ERR_LIMIT. */
MUST_USE int biometric_parse(struct bytes file, enum biometric_type type,
    struct biometric out[BIOMETRIC_RECORDS_MAX], size_t *n);

/* The picture in a face record. ERR_FORMAT: malformed, or what it says of the picture is not so. */
MUST_USE int biometric_face(struct bytes record, struct picture *out);

#endif
