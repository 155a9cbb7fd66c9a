/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Biometric data groups (ICAO 9303-10, 4.7.2 to 4.7.4; ISO/IEC 7816-11; ISO/IEC 19794-4, -5, -6
 * of 2005). */
#include "lds/biometric.h"

#include "base/compiler.h"
#include "base/err.h"
#include "iso7816/tlv.h"
#include "lds/lds.h"

#define TAG_GROUP 0x7F61
#define TAG_COUNT 0x02
#define TAG_TEMPLATE 0x7F60
#define TAG_HEADER 0xA1
#define TAG_HEADER_VERSION 0x80
#define TAG_TYPE 0x81
#define TAG_SUBTYPE 0x82
#define TAG_OWNER 0x87
#define TAG_FORMAT 0x88
#define TAG_RECORD 0x5F2E
#define TAG_RECORD_CONSTRUCTED 0x7F2E

#define HEADER_VERSION 0x0101
#define OWNER_ISO 0x0101 /* ISO/IEC JTC 1/SC 37 */

static const struct {
	enum lds_id file;
	uint8_t type, subtype;
	uint16_t format;
} types[BIOMETRIC_TYPES] = {
	[BIOMETRIC_FACE] = { LDS_DG2, 0x02, 0x00, 0x0008 },
	[BIOMETRIC_FINGER] = { LDS_DG3, 0x08, 0x09, 0x0007 }, /* right forefinger */
	[BIOMETRIC_IRIS] = { LDS_DG4, 0x10, 0x01, 0x0009 },   /* right eye */
};

/* Of a face record (19794-5, 5.4 to 5.7). */
#define FACE_HEADER 14      /* with the record's length behind the first eight bytes */
#define FACE_INFORMATION 20 /* that begins with the length of all that follows for the face */
#define FACE_IMAGE 12
#define FACE_FULL_FRONTAL 0x01
#define FACE_JPEG 0x00
#define FACE_JPEG_2000 0x01
#define COLOUR_UNSPECIFIED 0x00
#define COLOUR_GREY 0x03

/* Of a finger record (19794-4, 7 and 8). */
#define FINGER_HEADER 32
#define FINGER_VIEW 14
#define FINGER_SCALE_INCH 1
#define FINGER_RESOLUTION 500
#define FINGER_LEVEL 31
#define FINGER_RIGHT_FOREFINGER 2
#define FINGER_QUALITY 100
#define FINGER_JPEG 3
#define FINGER_JPEG_2000 4

/* Of an iris record (19794-6, 6.5). */
#define IRIS_HEADER 45
#define IRIS_FEATURE 3
#define IRIS_IMAGE 11
#define IRIS_RIGHT 1
#define IRIS_QUALITY 100
#define IRIS_DEVICE_SIZE 16
#define IRIS_ANGLE_UNKNOWN 0xFFFF
enum iris_format {
	IRIS_GREY_JPEG = 0x06,
	IRIS_COLOUR_JPEG = 0x08,
	IRIS_GREY_2000 = 0x0E,
	IRIS_COLOUR_2000 = 0x10
};

static void put_zeros(struct writer *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		writer_put_u8(out, 0);
}

/* "FAC" or the like, 0, "010", 0. */
static void put_magic(struct writer *out, const char *name)
{
	writer_put(out, bytes_of_string(name));
	writer_put_u8(out, 0);
	writer_put(out, bytes_of_string("010"));
	writer_put_u8(out, 0);
}

static uint32_t length(size_t overhead, const struct picture *picture)
{
	return (uint32_t)(overhead + picture->file.len);
}

static void put_face(const struct picture *picture, struct writer *out)
{
	put_magic(out, "FAC");
	writer_put_u32(out, length(FACE_HEADER + FACE_INFORMATION + FACE_IMAGE, picture));
	writer_put_u16(out, 1); /* face */
	writer_put_u32(out, length(FACE_INFORMATION + FACE_IMAGE, picture));
	put_zeros(out, FACE_INFORMATION - 4); /* no feature points; the rest is not specified */
	writer_put_u8(out, FACE_FULL_FRONTAL);
	writer_put_u8(out, picture->kind == PICTURE_JPEG ? FACE_JPEG : FACE_JPEG_2000);
	writer_put_u16(out, picture->width);
	writer_put_u16(out, picture->height);
	writer_put_u8(out, picture->components == 1 ? COLOUR_GREY : COLOUR_UNSPECIFIED);
	writer_put_u8(out, 0);  /* source */
	writer_put_u16(out, 0); /* device */
	writer_put_u16(out, 0); /* quality */
	writer_put(out, picture->file);
}

static void put_finger(const struct picture *picture, struct writer *out)
{
	put_magic(out, "FIR");
	writer_put_u16(out, 0); /* the first two of six bytes */
	writer_put_u32(out, length(FINGER_HEADER + FINGER_VIEW, picture));
	writer_put_u16(out, 0); /* device */
	writer_put_u16(out, FINGER_LEVEL);
	writer_put_u8(out, 1); /* finger */
	writer_put_u8(out, FINGER_SCALE_INCH);
	for (size_t i = 0; i < 4; i++) /* across and down, of the sensor and of the picture */
		writer_put_u16(out, FINGER_RESOLUTION);
	writer_put_u8(out, 8); /* bits a pixel */
	writer_put_u8(out, picture->kind == PICTURE_JPEG ? FINGER_JPEG : FINGER_JPEG_2000);
	writer_put_u16(out, 0);
	writer_put_u32(out, length(FINGER_VIEW, picture));
	writer_put_u8(out, FINGER_RIGHT_FOREFINGER);
	writer_put_u8(out, 1); /* view ... */
	writer_put_u8(out, 1); /* of one */
	writer_put_u8(out, FINGER_QUALITY);
	writer_put_u8(out, 0); /* a live scan, plain */
	writer_put_u16(out, picture->width);
	writer_put_u16(out, picture->height);
	writer_put_u8(out, 0);
	writer_put(out, picture->file);
}

static uint16_t iris_format(const struct picture *picture)
{
	bool grey = picture->components == 1;

	if (picture->kind == PICTURE_JPEG)
		return grey ? IRIS_GREY_JPEG : IRIS_COLOUR_JPEG;
	return grey ? IRIS_GREY_2000 : IRIS_COLOUR_2000;
}

static void put_iris(const struct picture *picture, struct writer *out)
{
	put_magic(out, "IIR");
	writer_put_u32(out, length(IRIS_HEADER + IRIS_FEATURE + IRIS_IMAGE, picture));
	writer_put_u16(out, 0); /* device */
	writer_put_u8(out, 1);  /* eye */
	writer_put_u16(out, IRIS_HEADER);
	writer_put_u16(out, 0); /* properties: not defined */
	writer_put_u16(out, 0); /* diameter: not known */
	writer_put_u16(out, iris_format(picture));
	writer_put_u16(out, picture->width);
	writer_put_u16(out, picture->height);
	writer_put_u8(out, 8); /* bits a pixel */
	writer_put_u8(out, 0); /* transformation: not defined */
	put_zeros(out, IRIS_DEVICE_SIZE);
	writer_put_u8(out, IRIS_RIGHT);
	writer_put_u16(out, 1); /* picture */
	writer_put_u16(out, 1); /* its number */
	writer_put_u8(out, IRIS_QUALITY);
	writer_put_u16(out, IRIS_ANGLE_UNKNOWN);
	writer_put_u16(out, IRIS_ANGLE_UNKNOWN);
	writer_put_u32(out, (uint32_t)picture->file.len);
	writer_put(out, picture->file);
}

static void put_header(enum biometric_type type, struct writer *out)
{
	tlv_open(out, TAG_HEADER);
	tlv_put_u16(out, TAG_HEADER_VERSION, HEADER_VERSION);
	tlv_put_u8(out, TAG_TYPE, types[type].type);
	tlv_put_u8(out, TAG_SUBTYPE, types[type].subtype);
	tlv_put_u16(out, TAG_OWNER, OWNER_ISO);
	tlv_put_u16(out, TAG_FORMAT, types[type].format);
	tlv_close(out);
}

int biometric_put(enum biometric_type type, const struct picture *picture, struct writer *out)
{
	if (picture->file.len > BIOMETRIC_PICTURE_MAX)
		return ERR_LIMIT;
	tlv_open(out, lds_file(types[type].file)->tag);
	tlv_open(out, TAG_GROUP);
	tlv_put_u8(out, TAG_COUNT, 1);
	tlv_open(out, TAG_TEMPLATE);
	put_header(type, out);
	tlv_open(out, TAG_RECORD);
	switch (type) {
	case BIOMETRIC_FACE:
		put_face(picture, out);
		break;
	case BIOMETRIC_FINGER:
		put_finger(picture, out);
		break;
	case BIOMETRIC_IRIS:
		put_iris(picture, out);
		break;
	case BIOMETRIC_TYPES:
		writer_fail(out);
		break;
	}
	tlv_close(out);
	tlv_close(out);
	tlv_close(out);
	tlv_close(out);
	return out->failed ? ERR_LIMIT : 0;
}

static bool take_number(struct bytes in, uint16_t *out)
{
	return bytes_take_u16(&in, out) && in.len == 0;
}

/* The value of a template 7F60. */
static int parse_template(struct bytes in, struct biometric *out)
{
	struct bytes header, owner, format;

	if (!tlv_take_tag(&in, TAG_HEADER, &header) || !tlv_find(header, TAG_OWNER, &owner) ||
	    !tlv_find(header, TAG_FORMAT, &format) || !take_number(owner, &out->owner) ||
	    !take_number(format, &out->format))
		return ERR_FORMAT;
	if (!tlv_take_tag(&in, TAG_RECORD, &out->record) &&
	    !tlv_take_tag(&in, TAG_RECORD_CONSTRUCTED, &out->record))
		return ERR_FORMAT;
	return in.len == 0 ? 0 : ERR_FORMAT;
}

/* The value of the group 7F61. */
static int parse_group(struct bytes in, struct biometric out[BIOMETRIC_RECORDS_MAX], size_t *n)
{
	struct bytes count, template;
	uint8_t wanted;

	if (!tlv_take_tag(&in, TAG_COUNT, &count) || !bytes_take_u8(&count, &wanted) ||
	    count.len > 0)
		return ERR_FORMAT;
	if (wanted > BIOMETRIC_RECORDS_MAX)
		return ERR_LIMIT;
	for (size_t i = 0; i < wanted; i++) {
		int r = tlv_take_tag(&in, TAG_TEMPLATE, &template)
		    ? parse_template(template, &out[i])
		    : ERR_FORMAT;

		if (r < 0)
			return r;
	}
	*n = wanted;
	return 0;
}

int biometric_parse(struct bytes file, enum biometric_type type,
    struct biometric out[BIOMETRIC_RECORDS_MAX], size_t *n)
{
	struct bytes value, group;

	if (!tlv_take_tag(&file, lds_file(types[type].file)->tag, &value) || file.len > 0 ||
	    !tlv_take_tag(&value, TAG_GROUP, &group))
		return ERR_FORMAT;
	return parse_group(group, out, n);
}

/* The parts in front of a face record's picture, and what they say of its size. */
static bool take_face(struct bytes *rest, uint16_t *width, uint16_t *height)
{
	uint32_t whole, block;
	uint16_t faces, points;
	struct bytes magic, skipped;
	size_t len = rest->len;

	return bytes_take(rest, 4, &magic) &&
	    bytes_equal(magic, bytes_of((const uint8_t *)"FAC", 4)) &&
	    bytes_take(rest, 4, &skipped) && bytes_take_u32(rest, &whole) && whole == len &&
	    bytes_take_u16(rest, &faces) && faces >= 1 && rest->len >= FACE_INFORMATION &&
	    bytes_take_u32(rest, &block) && bytes_take_u16(rest, &points) &&
	    block >= FACE_INFORMATION && block - 6 <= rest->len &&
	    bytes_take(rest, FACE_INFORMATION - 6u + 8u * points + 2, &skipped) &&
	    bytes_take_u16(rest, width) && bytes_take_u16(rest, height) &&
	    bytes_take(rest, FACE_IMAGE - 6, &skipped);
}

int biometric_face(struct bytes record, struct picture *out)
{
	struct picture picture = { 0 };
	uint16_t width, height;

	if (!take_face(&record, &width, &height) || picture_parse(record, &picture) != 0 ||
	    picture.width != width || picture.height != height)
		return ERR_FORMAT;
	*out = picture;
	return 0;
}
