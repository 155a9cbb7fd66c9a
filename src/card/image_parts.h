/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a card in its image, for image.c alone. */
#ifndef CARD_IMAGE_PARTS_H
#define CARD_IMAGE_PARTS_H

#include "card/image_json.h"
#include "card/type.h"

#define IMAGE_ATTRIBUTE_MAX 65535

/* Control parameters of a file that are on their way from the image to the file. */
struct image_attributes {
	struct buffer buffers[FILE_ATTRIBUTES]; /* by enum file_attribute */
};

void image_attributes_init(struct image_attributes *attributes);
void image_attributes_done(struct image_attributes *attributes);

/* image_rules.c: the fields "rules", "proprietary" and "proprietary_tlv" of a file. */
MUST_USE int image_load_attributes(
    const struct image_node *node, bool df, struct image_attributes *out);
MUST_USE bool image_save_attributes(const struct file *file, struct json_t *out);

/* Takes one access mode byte and its conditions off rules in compact form: "read always, update password".
 * False: there are no words for it, and nothing is taken. */
#define IMAGE_RULE_TEXT_SIZE 512
MUST_USE bool image_rule_take(struct bytes *rules, bool df, char text[IMAGE_RULE_TEXT_SIZE]);

/* image_passwords.c: the field "passwords" of a DF, and one of them. */
MUST_USE int image_load_passwords(
    struct credentials *credentials, const struct file *df, const struct image_node *node);
MUST_USE bool image_save_password(const struct password *password, struct json_t *out);

/* The field "number" of a password or a key: 1 to REFERENCE_NUMBER. */
MUST_USE int image_load_reference(const struct image_node *object, uint8_t *out);

/* image_keys.c: the field "keys" of a DF, and one of them. */
MUST_USE int image_load_keys(
    struct card *card, const struct file *df, const struct image_node *node);
MUST_USE bool image_save_key(const struct card_key *key, struct json_t *out);
const char *image_key_word(const struct card_key *key); /* its type */

/* image_files.c: everything in and below the MF, in place of what there is. save: NULL when memory is
 * out. */
MUST_USE int image_load_mf(struct card *card, const struct image_node *node);
struct json_t *image_save_mf(const struct card *card);

/* As in the fields "kind" and "life_cycle". */
const char *image_kind_word(const struct file *file);
const char *image_life_cycle_word(const struct file *file);

#endif
