/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An encrypted card image: JSON around sealed bytes (crypto/seal.h). */
#ifndef CARD_IMAGE_SEAL_H
#define CARD_IMAGE_SEAL_H

#include "card/image_json.h"
#include "crypto/seal.h"

#define IMAGE_FORMAT "virtual-smart-card-image"
#define IMAGE_FORMAT_SEALED "virtual-smart-card-image-encrypted"

/* How an image is encrypted. */
struct image_seal {
	struct seal_parameters parameters;
	struct seal_key key;
};

bool image_seal_is(const struct image_node *root);

/* Reads the parameters: ERR_FORMAT. */
MUST_USE int image_seal_load(const struct image_node *root, struct seal_parameters *out);

/* The text inside. ERR_FORMAT: a wrong password, or a change. */
MUST_USE int image_seal_open(
    const struct image_node *root, const struct image_seal *seal, struct buffer *out);

/* The text of a file with text inside. */
MUST_USE int image_seal_close(const struct image_seal *seal, struct bytes text, struct buffer *out);

#endif
