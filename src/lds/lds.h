/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Logical Data Structure of travel documents (ICAO 9303-10): which files there are, and what is in those that are neither
 * biometric (lds/biometric.h) nor signed (pki/cms.h). */
#ifndef LDS_LDS_H
#define LDS_LDS_H

#include "lds/mrz.h"
#include "pki/security_info.h"

#define LDS_DATA_GROUPS 16
#define LDS_CVCA_SIZE 36 /* of EF.CVCA, filled up with zeros */
#define LDS_VERSION_1_7 "0107"
#define LDS_VERSION_1_8 "0108"
#define LDS_UNICODE_VERSION "040000"

enum lds_id {
	LDS_DG1 = 1,
	LDS_DG2,
	LDS_DG3,
	LDS_DG4,
	LDS_DG11 = 11,
	LDS_DG12,
	LDS_DG14 = 14,
	LDS_DG15,
	LDS_DG16,
	LDS_COM,
	LDS_SOD,
	LDS_CVCA,
	LDS_CARD_ACCESS, /* this one and those below are in the MF */
	LDS_CARD_SECURITY,
	LDS_ATR_INFO,
	LDS_DIR,
	LDS_FILES,
};

struct lds_file {
	const char *name; /* "EF.DG1" */
	uint16_t fid;
	uint8_t sfi;
	uint32_t tag; /* of the data object that is the file; 0: it is none, or more than one */
};

/* From 1 to LDS_FILES - 1. */
const struct lds_file *lds_file(enum lds_id id);
bool lds_is_in_mf(enum lds_id id);

/* The data group whose tag this is. False: none has it. */
bool lds_find_tag(uint32_t tag, enum lds_id *out);

/* The application (9303-10, 3.4). */
extern const struct bytes lds_aid;

/* Whether the bytes are one data object with the file's tag, whatever is in it. */
bool lds_is_file(enum lds_id id, struct bytes in);

/* EF.DG1, and its zone. error is one line for people, as of mrz_parse(). */
void lds_put_dg1(const struct mrz *mrz, struct writer *out);
MUST_USE int lds_parse_dg1(struct bytes file, struct mrz *out, char error[MRZ_ERROR_SIZE]);

/* EF.COM: version of the LDS, and the data groups that there are, by number. */
struct lds_com {
	const char *version;
	bool has[LDS_DATA_GROUPS + 1];
};
void lds_put_com(const struct lds_com *com, struct writer *out);

/* EF.DG11 and EF.DG12; what is NULL is left out. */
struct lds_person {
	const char *name; /* "ERIKSSON<<ANNA<MARIA" */
	const char *personal_number;
	const char *birth;       /* YYYYMMDD */
	const char *birth_place; /* "ZENITH<UTOPIA" */
};
struct lds_document {
	const char *authority;
	const char *issued; /* YYYYMMDD */
};
void lds_put_dg11(const struct lds_person *person, struct writer *out);
void lds_put_dg12(const struct lds_document *document, struct writer *out);

/* EF.DG14: as security_infos_put(). */
MUST_USE int lds_put_dg14(const struct security_info *infos, size_t n, struct writer *out);

/* EF.DG15: of a SubjectPublicKeyInfo. */
void lds_put_dg15(struct bytes public_key, struct writer *out);

/* EF.CVCA: references of the trust points, the newest first; an empty one is left out. */
void lds_put_cvca(struct bytes newest, struct bytes older, struct writer *out);

/* EF.DIR, of these applications; EF.ATR/INFO, with card service data, card capabilities, and the longest messages. */
void lds_put_dir(const struct bytes *aids, size_t n, struct writer *out);
void lds_put_atr_info(uint8_t service, struct bytes capabilities, struct writer *out);

#endif
