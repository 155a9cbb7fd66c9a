/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SecurityInfos: what a chip can do, as EF.CardAccess, EF.CardSecurity and DG14 tell (ICAO 9303-11, 9.2; BSI TR-03110-3,
 * A.1). */
#ifndef PKI_SECURITY_INFO_H
#define PKI_SECURITY_INFO_H

#include "base/writer.h"

#define SECURITY_INFOS_MAX 32
#define SECURITY_INFOS_SIZE_MAX 4096 /* of a set whose keys name their parameters by number */

enum security_info_kind {
	SECURITY_INFO_PACE,
	SECURITY_INFO_PACE_DOMAIN,
	SECURITY_INFO_CHIP_AUTH,
	SECURITY_INFO_CHIP_AUTH_DOMAIN,
	SECURITY_INFO_CHIP_AUTH_PUBLIC_KEY,
	SECURITY_INFO_TERMINAL_AUTH,
	SECURITY_INFO_ACTIVE_AUTH,
	SECURITY_INFO_RESTRICTED_ID,
	SECURITY_INFO_RESTRICTED_ID_DOMAIN,
	SECURITY_INFO_CARD_INFO,
	SECURITY_INFO_PSA, /* pseudonymous signatures: of the chip, of messages, of credentials */
	SECURITY_INFO_PSM,
	SECURITY_INFO_PSC,
	SECURITY_INFO_PS_PUBLIC_KEY,
	SECURITY_INFO_PASSWORD,
	SECURITY_INFO_EID_SECURITY,
	SECURITY_INFO_PRIVILEGED,
	SECURITY_INFO_MOBILE_EID, /* TR-03110, amendment for Smart-eID, 2.2 */
	SECURITY_INFO_OTHER,      /* any other protocol: required and optional are as they came */
	SECURITY_INFO_KINDS,      /* how many there are */
};

/* One SecurityInfo. What its kind does not have is empty or 0. */
struct security_info {
	enum security_info_kind kind;
	struct bytes protocol; /* the value of the object identifier */
	uint32_t version;
	bool has_id;
	uint32_t id;         /* parameterId or keyId; restricted identification always has one */
	struct bytes domain; /* AlgorithmIdentifier, a whole data object */
	struct bytes public_key; /* SubjectPublicKeyInfo, a whole data object */
	struct bytes
	    signature; /* active authentication: the value of the algorithm's object identifier */
	bool authorized_only;    /* restricted identification */
	uint32_t max_key_length; /* restricted identification; 0: not given */
	uint16_t fid;            /* terminal authentication: EF.CVCA; 0: not given */
	uint8_t sfi;             /* and its short identifier; 0: not given */
	struct bytes url;        /* card info: characters */
	uint32_t auth_info[2];   /* pseudonymous signatures: ps1-authInfo and ps2-authInfo */
	bool has_parameter;      /* key of pseudonymous signatures: pSParameterID */
	uint32_t parameter;
	uint16_t flags;        /* password: flag number i of PwdFlags is 1 << i */
	struct bytes required; /* as a whole data object, of each kind */
	struct bytes optional; /* as a whole data object, of each kind */
};

/* Reads a SET OF SecurityInfo. At most SECURITY_INFOS_MAX; *n says how many. ERR_FORMAT, ERR_LIMIT. */
MUST_USE int security_infos_parse(
    struct bytes in, struct security_info infos[SECURITY_INFOS_MAX], size_t *n);

/* Reads the value of one SecurityInfo. ERR_FORMAT. */
MUST_USE int security_info_parse(struct bytes in, struct security_info *out);

/* Appends one SecurityInfo. Of SECURITY_INFO_OTHER, passwords, eID security and privileged terminals required and optional are
 * written, of others the fields of their kind, and of card info optional besides. ERR_FORMAT: the protocol is not of the kind, or a field is missing; ERR_LIMIT. */
MUST_USE int security_info_put(const struct security_info *info, struct writer *out);

/* Appends the set of them, sorted as DER asks. ERR_FORMAT, ERR_LIMIT. */
MUST_USE int security_infos_put(const struct security_info *infos, size_t n, struct writer *out);

/* What kind of information an object identifier announces. */
enum security_info_kind security_info_kind_of(struct bytes protocol);

/* "PACE", "chip authentication public key". */
const char *security_info_kind_name(enum security_info_kind kind);

/* Key agreement, mapping, cipher of a protocol and the like: "ECDH-GM-AES-CBC-CMAC-128", "DH", "PIN"; "": it has none. */
#define SECURITY_INFO_NAME_SIZE 48
const char *security_info_protocol_name(struct bytes protocol, char name[SECURITY_INFO_NAME_SIZE]);

/* Standardised domain parameters (9303-11, 9.5.1): an AlgorithmIdentifier with their number, and the number in one. */
void security_info_put_standardised(struct writer *out, uint32_t id);
bool security_info_is_standardised(struct bytes domain, uint32_t *id);

/* A SubjectPublicKeyInfo for pseudonymous signatures (A.6.1): domain parameters as an AlgorithmIdentifier, and as points the
 * public keys of the group's manager and of the chips of the group. */
void security_info_put_ps_key(
    struct writer *out, struct bytes domain, struct bytes manager, struct bytes group);

/* eID security (A.1.1.8): the AlgorithmIdentifier of the hash function, and the hash of a data group. False: there is none. */
MUST_USE bool security_info_eid_algorithm(const struct security_info *info, struct bytes *out);
MUST_USE bool security_info_eid_hash(
    const struct security_info *info, uint32_t data_group, struct bytes *out);

#endif
