/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may read and write what (BSI TR-03110-4, 2.2.2, tables 4 and 5; TR-03127, tables 1 to 4): the one table. */
#include "base/compiler.h"
#include "cards/npa/internal.h"

/* Bits of authentication terminals (TR-03110-4, table 4), and of inspection systems (table 2). */
#define READ_DG1 8
#define WRITE_DG17 37
#define READ_DG3 0

/* clang-format off */
enum who {
	WHO_ANYBODY,
	WHO_AUTHENTICATED, /* after PACE and Terminal Authentication, of any kind */
	WHO_PRIVILEGED,    /* of these, inspection systems and who has that right (TR-03110-2, 2.1.4) */
	WHO_READER,        /* inspection systems, and authentication terminals with the data group's right */
	WHO_WRITER,        /* authentication terminals with the data group's right */
	WHO_COLLECTOR,     /* authentication terminals that may have the data group signed */
	WHO_INSPECTOR,     /* inspection systems */
	WHO_BIOMETRICS,    /* of these, who has the data group's right */
	WHO_SIGNER,        /* signature terminals, and whoever may install certificates */
	WHO_INSTALLER,     /* authentication terminals that may install certificates */
};

static const struct rule {
	uint16_t df, first, last;
	enum access access;
	enum who who;
} rules[] = {
	{ FILE_FID_MF,   NPA_FID_CARD_ACCESS,    NPA_FID_CARD_ACCESS,   ACCESS_READ,   WHO_ANYBODY       },
	{ FILE_FID_MF,   NPA_FID_EF_DIR,         NPA_FID_EF_INFO,       ACCESS_READ,   WHO_ANYBODY       },
	{ FILE_FID_MF,   NPA_FID_CARD_SECURITY,  NPA_FID_CARD_SECURITY, ACCESS_READ,   WHO_AUTHENTICATED },
	{ FILE_FID_MF,   NPA_FID_CHIP_SECURITY,  NPA_FID_CHIP_SECURITY, ACCESS_READ,   WHO_PRIVILEGED    },
	{ NPA_FID_EID,   NPA_FID_GROUP(1),       NPA_FID_GROUP(22),     ACCESS_READ,   WHO_READER        },
	{ NPA_FID_EID,   NPA_FID_GROUP(17),      NPA_FID_GROUP(22),     ACCESS_UPDATE, WHO_WRITER        },
	{ NPA_FID_EID,   NPA_FID_GROUP(1),       NPA_FID_GROUP(22),     ACCESS_SIGN,   WHO_COLLECTOR     },
	{ NPA_FID_EPASSPORT, NPA_FID_GROUP(3),   NPA_FID_GROUP(4),      ACCESS_READ,   WHO_BIOMETRICS    },
	{ NPA_FID_EPASSPORT, 0x0000,             0xFFFF,                ACCESS_READ,   WHO_INSPECTOR     },
	{ NPA_FID_CIA,   0x0000,                 0xFFFF,                ACCESS_READ,   WHO_ANYBODY       },
	{ NPA_FID_ESIGN, NPA_FID_CA_CERTIFICATE, NPA_FID_CERTIFICATE,   ACCESS_READ,   WHO_SIGNER        },
	{ NPA_FID_ESIGN, NPA_FID_CA_CERTIFICATE, NPA_FID_CERTIFICATE,   ACCESS_UPDATE, WHO_INSTALLER     },
};
/* clang-format on */

static bool came_rightly(struct card *card)
{
	return eac_session(card)->access == EAC_ACCESS_PACE && eac_came_rightly(card);
}

bool npa_is_kind(struct card *card, enum chat_type type)
{
	const struct eac_session *session = eac_session(card);

	return came_rightly(card) && session->chip_authenticated && session->rights.type == type;
}

bool npa_has_right(struct card *card, unsigned bit)
{
	return npa_is_kind(card, CHAT_AT) && chat_has(&eac_session(card)->rights, bit);
}

bool npa_may_install(struct card *card)
{
	return npa_has_right(card, NPA_AT_INSTALL) || npa_has_right(card, NPA_AT_INSTALL_QUALIFIED);
}

static bool is_privileged(struct card *card)
{
	const struct chat *rights = &eac_session(card)->rights;

	return rights->type == CHAT_IS ||
	    (rights->type == CHAT_AT && chat_has(rights, NPA_AT_PRIVILEGED));
}

static bool is(struct card *card, enum who who, uint16_t fid)
{
	switch (who) {
	case WHO_ANYBODY:
		return true;
	case WHO_AUTHENTICATED:
		return came_rightly(card);
	case WHO_PRIVILEGED:
		return came_rightly(card) && is_privileged(card);
	case WHO_READER:
		return npa_is_kind(card, CHAT_IS) ||
		    npa_has_right(card, READ_DG1 + (fid - NPA_FID_GROUP(1)));
	case WHO_WRITER:
		return npa_has_right(card, WRITE_DG17 - (fid - NPA_FID_GROUP(17)));
	case WHO_COLLECTOR:
		return came_rightly(card) &&
		    eac_has_authorization(card, AUTHORIZATION_EID_ACCESS,
		        AUTHORIZATION_INCLUDE(fid - NPA_FID_GROUP(0)));
	case WHO_INSPECTOR:
		return npa_is_kind(card, CHAT_IS);
	case WHO_BIOMETRICS:
		return npa_is_kind(card, CHAT_IS) &&
		    eac_has_right(card, CHAT_IS, READ_DG3 + (fid - NPA_FID_GROUP(3)));
	case WHO_SIGNER:
		return npa_is_kind(card, CHAT_ST) || npa_may_install(card);
	case WHO_INSTALLER:
		return npa_may_install(card);
	}
	return false;
}

enum sw npa_allows(struct card *card, const struct file *file, enum access access)
{
	const struct file *df = file_parent(file);
	uint16_t fid = file_fid(file);

	if (access == ACCESS_SELECT)
		return SW_OK;
	for (size_t i = 0; df != NULL && i < COUNT(rules); i++) {
		const struct rule *rule = &rules[i];

		if (rule->df == file_fid(df) && rule->first <= fid && fid <= rule->last &&
		    rule->access == access)
			return is(card, rule->who, fid) ? SW_OK : SW_SECURITY_STATUS;
	}
	return SW_SECURITY_STATUS;
}
