/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File control parameters (ISO/IEC 7816-4, 7.4.3, table 10): templates FCP 62, FMD 64, FCI 6F. */
#ifndef ISO7816_FCP_H
#define ISO7816_FCP_H

#include "base/bytes.h"
#include "base/writer.h"

#define FCP_DF_NAME_MAX 16

/* File descriptor byte (7816-4, table 12). */
enum fcp_descriptor {
	FCP_DESCRIPTOR_SHAREABLE = 0x40,
	FCP_DESCRIPTOR_DF = 0x38,
	FCP_DESCRIPTOR_TRANSPARENT = 0x01,
	FCP_DESCRIPTOR_LINEAR_FIXED = 0x02,
	FCP_DESCRIPTOR_LINEAR_FIXED_TLV = 0x03,
	FCP_DESCRIPTOR_LINEAR_VARIABLE = 0x04,
	FCP_DESCRIPTOR_LINEAR_VARIABLE_TLV = 0x05,
	FCP_DESCRIPTOR_CYCLIC = 0x06,
	FCP_DESCRIPTOR_CYCLIC_TLV = 0x07,
	FCP_DESCRIPTOR_BER_TLV = 0x39,
};

/* Life cycle status byte (7816-4, table 13). */
enum fcp_life_cycle {
	FCP_LIFE_CYCLE_NONE = 0x00,
	FCP_LIFE_CYCLE_CREATION = 0x01,
	FCP_LIFE_CYCLE_INITIALISATION = 0x03,
	FCP_LIFE_CYCLE_DEACTIVATED = 0x04,
	FCP_LIFE_CYCLE_ACTIVATED = 0x05,
	FCP_LIFE_CYCLE_TERMINATED = 0x0C,
};

/* One file's parameters; a has_ member says whether the data object is (to be) there. Views. */
struct fcp {
	bool has_size;
	uint32_t size; /* 80: bytes of data, structure excluded */
	bool has_total_size;
	uint32_t total_size; /* 81: structure included, or a DF's space */
	bool has_descriptor;
	uint8_t descriptor; /* 82, first byte */
	bool has_data_coding;
	uint8_t data_coding; /* 82, second byte */
	bool has_record_size;
	uint16_t record_size; /* 82, bytes 3 (and 4): maximum */
	bool has_record_count;
	uint16_t record_count; /* 82, bytes 5 (and 6) */
	bool has_fid;
	uint16_t fid;                      /* 83 */
	struct bytes df_name;              /* 84 */
	struct bytes proprietary;          /* 85, not BER-TLV */
	struct bytes security_proprietary; /* 86 */
	bool has_sfi;
	uint8_t sfi; /* 88, 1 to 30; 0: the object is there and empty: no short identifier */
	bool has_life_cycle;
	uint8_t life_cycle;                 /* 8A */
	struct bytes security_reference;    /* 8B: reference to EF.ARR */
	struct bytes security_compact;      /* 8C */
	struct bytes security_environments; /* 8D: identifier of an EF */
	struct bytes proprietary_tlv;       /* A5 */
	struct bytes security_expanded;     /* AB */
};

enum fcp_template { FCP_TEMPLATE_FCP = 0x62, FCP_TEMPLATE_FMD = 0x64, FCP_TEMPLATE_FCI = 0x6F };

/* Parses the value of a template. Unknown objects are skipped. ERR_FORMAT: malformed, a length out of
 * the table's range, or the same object twice. */
MUST_USE int fcp_parse(struct bytes value, struct fcp *out);

/* Writes the whole template. */
void fcp_encode(const struct fcp *fcp, enum fcp_template tag, struct writer *out);

#endif
