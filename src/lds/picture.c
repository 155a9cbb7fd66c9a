/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kind and size of pictures. JPEG: segments up to the frame header (ISO/IEC 10918-1, annex B). JPEG 2000: the SIZ marker of a
 * codestream (ISO/IEC 15444-1, A.5.1), or the image header box of a JP2 file (annex I). */
#include "lds/picture.h"

#include "base/compiler.h"
#include "base/err.h"

#define MARKER 0xFF /* begins each marker of a JPEG file; more of them are fill bytes */

enum jpeg_marker {
	JPEG_TEM = 0x01,
	JPEG_SOF0 = 0xC0, /* to CF the frame headers, but for the next three */
	JPEG_DHT = 0xC4,
	JPEG_JPG = 0xC8,
	JPEG_DAC = 0xCC,
	JPEG_SOF15 = 0xCF,
	JPEG_RST0 = 0xD0, /* to D7 */
	JPEG_SOI = 0xD8,
	JPEG_EOI = 0xD9,
	JPEG_SOS = 0xDA,
};

#define BOX_HEADER 0x6A703268 /* "jp2h" */
#define BOX_IMAGE 0x69686472  /* "ihdr" */
#define BOX_HEADER_SIZE 8

/* Sizes of 32 bits, as JPEG 2000 has them, to what records can say. */
static int set_size(struct picture *picture, uint32_t width, uint32_t height)
{
	if (width == 0 || height == 0)
		return ERR_FORMAT;
	if (width > UINT16_MAX || height > UINT16_MAX)
		return ERR_LIMIT;
	picture->width = (uint16_t)width;
	picture->height = (uint16_t)height;
	return 0;
}

static int parse_frame(struct bytes in, struct picture *out)
{
	uint8_t precision;
	uint16_t width, height;

	if (!bytes_take_u8(&in, &precision) || !bytes_take_u16(&in, &height) ||
	    !bytes_take_u16(&in, &width) || !bytes_take_u8(&in, &out->components))
		return ERR_FORMAT;
	if (out->components == 0 || in.len != 3u * out->components)
		return ERR_FORMAT;
	return set_size(out, width, height);
}

static bool is_frame(uint8_t marker)
{
	return marker >= JPEG_SOF0 && marker <= JPEG_SOF15 && marker != JPEG_DHT &&
	    marker != JPEG_JPG && marker != JPEG_DAC;
}

/* Markers that stand alone, or that no file has before its frame header. */
static bool is_segment(uint8_t marker)
{
	return marker != 0 && marker != JPEG_TEM && !(marker >= JPEG_RST0 && marker <= JPEG_SOS);
}

static bool take_marker(struct bytes *rest, uint8_t *marker)
{
	uint8_t c;

	if (!bytes_take_u8(rest, &c) || c != MARKER)
		return false;
	do {
		if (!bytes_take_u8(rest, &c))
			return false;
	} while (c == MARKER);
	*marker = c;
	return true;
}

/* JPEG and JPEG 2000 end with the same two bytes. Programs put more behind them; where they are missing, the file is cut. */
static bool has_end(struct bytes rest)
{
	for (size_t i = 1; i < rest.len; i++)
		if (rest.data[i - 1] == MARKER && rest.data[i] == JPEG_EOI)
			return true;
	return false;
}

static int parse_jpeg(struct bytes rest, struct picture *out)
{
	struct bytes segment;
	uint16_t len;
	uint8_t marker;

	out->kind = PICTURE_JPEG;
	while (take_marker(&rest, &marker) && is_segment(marker)) {
		if (!bytes_take_u16(&rest, &len) || len < 2 ||
		    !bytes_take(&rest, len - 2u, &segment))
			return ERR_FORMAT;
		if (is_frame(marker))
			return has_end(rest) ? parse_frame(segment, out) : ERR_FORMAT;
	}
	return ERR_FORMAT;
}

/* What follows the markers SOC and SIZ. */
static int parse_codestream(struct bytes rest, struct picture *out)
{
	uint32_t right, bottom, left, top;
	uint16_t len, capabilities, components;
	struct bytes siz, tiles;

	out->kind = PICTURE_JPEG_2000;
	if (!bytes_take_u16(&rest, &len) || len < 2 || !bytes_take(&rest, len - 2u, &siz) ||
	    !has_end(rest))
		return ERR_FORMAT;
	if (!bytes_take_u16(&siz, &capabilities) || !bytes_take_u32(&siz, &right) ||
	    !bytes_take_u32(&siz, &bottom) || !bytes_take_u32(&siz, &left) ||
	    !bytes_take_u32(&siz, &top) || !bytes_take(&siz, 16, &tiles) ||
	    !bytes_take_u16(&siz, &components))
		return ERR_FORMAT;
	if (left >= right || top >= bottom || components == 0 || components > UINT8_MAX)
		return ERR_FORMAT;
	out->components = (uint8_t)components;
	return set_size(out, right - left, bottom - top);
}

/* A box whose length is said in 32 bits, or that goes to the end (0). */
static bool take_box(struct bytes *rest, uint32_t *type, struct bytes *content)
{
	struct bytes r = *rest;
	uint32_t len;

	if (!bytes_take_u32(&r, &len) || !bytes_take_u32(&r, type))
		return false;
	if (len == 0)
		len = rest->len > UINT32_MAX ? UINT32_MAX : (uint32_t)rest->len;
	if (len < BOX_HEADER_SIZE || !bytes_take(&r, len - BOX_HEADER_SIZE, content))
		return false;
	*rest = r;
	return true;
}

static bool find_box(struct bytes in, uint32_t type, struct bytes *content)
{
	uint32_t found;

	while (take_box(&in, &found, content))
		if (found == type)
			return true;
	return false;
}

static int parse_jp2(struct bytes file, struct picture *out)
{
	struct bytes header, image;
	uint32_t width, height;
	uint16_t components;

	out->kind = PICTURE_JPEG_2000;
	if (!find_box(file, BOX_HEADER, &header) || !find_box(header, BOX_IMAGE, &image) ||
	    !has_end(bytes_after(file, (size_t)(image.data + image.len - file.data))))
		return ERR_FORMAT;
	if (!bytes_take_u32(&image, &height) || !bytes_take_u32(&image, &width) ||
	    !bytes_take_u16(&image, &components) || components == 0 || components > UINT8_MAX)
		return ERR_FORMAT;
	out->components = (uint8_t)components;
	return set_size(out, width, height);
}

int picture_parse(struct bytes file, struct picture *out)
{
	static const uint8_t signature[] = { 0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D,
		0x0A, 0x87, 0x0A };
	static const uint8_t codestream[] = { 0xFF, 0x4F, 0xFF, 0x51 };
	static const uint8_t jpeg[] = { MARKER, JPEG_SOI };
	struct picture picture = { .file = file };
	int r = ERR_FORMAT;

	if (bytes_starts_with(file, BYTES_OF_ARRAY(jpeg)))
		r = parse_jpeg(bytes_after(file, sizeof jpeg), &picture);
	else if (bytes_starts_with(file, BYTES_OF_ARRAY(codestream)))
		r = parse_codestream(bytes_after(file, sizeof codestream), &picture);
	else if (bytes_starts_with(file, BYTES_OF_ARRAY(signature)))
		r = parse_jp2(file, &picture);
	if (r == 0)
		*out = picture;
	return r;
}
