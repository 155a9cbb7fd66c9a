/* SPDX-FileCopyrightText: 2026 The Virtual Smart Card authors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access rules: parsing and evaluation in one go, since rules are short and nothing is worth keeping. */
#include "fs/rules.h"

#include "fs/fs.h"
#include "fs/objects.h"
#include "fs/records.h"
#include "iso7816/tlv.h"

/* Access mode byte: bit 8 makes bits 7 to 4 proprietary; security condition byte (table 20). */
#define MODE_PROPRIETARY 0x80
#define MODE_INTERINDUSTRY_ALWAYS 0x07
#define CONDITION_ALWAYS 0x00
#define CONDITION_NEVER 0xFF
#define CONDITION_ALL 0x80
#define CONDITION_SM 0x40
#define CONDITION_KEY 0x20
#define CONDITION_PASSWORD 0x10
#define CONDITION_ENVIRONMENT 0x0F

/* Access mode and security condition data objects of the expanded form (tables 22 and 23). */
#define TAG_AM_BYTE 0x80
#define TAG_AM_HEADER_FIRST 0x81 /* bits 4 to 1: CLA, INS, P1, P2 are described */
#define TAG_AM_HEADER_LAST 0x8F
#define TAG_AM_PROPRIETARY 0x9C
#define TAG_ALWAYS 0x90
#define TAG_NEVER 0x97
#define TAG_CONDITION_BYTE 0x9E
#define TAG_AUTHENTICATION 0xA4
#define TAG_CHECKSUM 0xB4
#define TAG_SIGNATURE 0xB6
#define TAG_CONFIDENTIALITY 0xB8
#define TAG_OR 0xA0
#define TAG_NOT 0xA7
#define TAG_AND 0xAF

/* In control reference templates (table 33). */
#define TAG_REFERENCE 0x83
#define TAG_USAGE 0x95
#define USAGE_PASSWORD 0x08
#define USAGE_SM_RESPONSE 0x20
#define USAGE_SM_COMMAND 0x10
#define USAGE_EXTERNAL 0x80

/* All that a condition is judged by. */
struct context {
	const struct file *df; /* of the file: where references are looked up */
	const struct rules_request *request;
	const struct rules_judge *judge;
};

/* What a set of rules says; of several sets the greatest counts. */
enum answer { NOT_COVERED, REFUSED, ALLOWED };

static enum answer greater(enum answer a, enum answer b)
{
	return a > b ? a : b;
}

static bool proved(const struct context *c, enum rules_credential credential, int reference)
{
	return c->judge->proved(c->judge->self, c->df, credential, reference);
}

static bool is_protected(const struct context *c, unsigned protection)
{
	return c->judge->protected(c->judge->self, protection);
}

/* Control reference template: a reference and a usage, each at most once, and nothing else. */
struct template
{
	int reference; /* RULES_ANY_REFERENCE: none */
	int usage;     /* -1: none */
};

static bool parse_template(struct bytes value, struct template *out)
{
	struct tlv tlv;

	*out = (struct template){ .reference = RULES_ANY_REFERENCE, .usage = -1 };
	while (value.len > 0) {
		int *to;

		if (!tlv_take(&value, &tlv) || tlv.value.len != 1)
			return false;
		if (tlv.tag != TAG_REFERENCE && tlv.tag != TAG_USAGE)
			return false;
		to = tlv.tag == TAG_REFERENCE ? &out->reference : &out->usage;
		if (*to >= 0)
			return false;
		*to = tlv.value.data[0];
	}
	return true;
}

/* Without usage either kind of credential will do. */
static bool authentication_holds(const struct context *c, struct bytes value)
{
	struct template t;

	if (!parse_template(value, &t))
		return false;
	if ((t.usage < 0 || (t.usage & USAGE_PASSWORD) != 0) &&
	    proved(c, RULES_PASSWORD, t.reference))
		return true;
	return (t.usage < 0 || (t.usage & USAGE_EXTERNAL) != 0) &&
	    proved(c, RULES_KEY, t.reference);
}

/* Which protection the usage of a template for checksums, or else for ciphers, asks for: without one,
 * that of the command. */
static bool protection_holds(const struct context *c, struct bytes value, bool checksum)
{
	unsigned command = checksum ? RULES_COMMAND_CHECKSUM : RULES_COMMAND_CIPHER;
	unsigned response = checksum ? RULES_RESPONSE_CHECKSUM : RULES_RESPONSE_CIPHER;
	unsigned wanted = 0;
	struct template t;

	if (!parse_template(value, &t))
		return false;
	if (t.usage < 0 || (t.usage & USAGE_SM_COMMAND) != 0)
		wanted |= command;
	if (t.usage >= 0 && (t.usage & USAGE_SM_RESPONSE) != 0)
		wanted |= response;
	return wanted != 0 && is_protected(c, wanted);
}

/* The templates of the security environment that a condition names, in the file's DF or above. */
static bool find_environment(const struct context *c, uint8_t number, struct bytes *out)
{
	for (const struct file *df = c->df; df != NULL; df = file_parent(df)) {
		if (environment_find(df, number, out))
			return true;
	}
	return false;
}

/* Whether some template of an environment that has this mechanism's tag holds; for authentication, of
 * those for this usage. */
static bool mechanism_holds(const struct context *c, struct bytes environment, uint8_t mechanism)
{
	uint8_t usage = mechanism == CONDITION_KEY ? USAGE_EXTERNAL : USAGE_PASSWORD;
	struct template t;
	struct tlv tlv;

	while (tlv_take(&environment, &tlv)) {
		bool sm = tlv.tag == TAG_CHECKSUM || tlv.tag == TAG_CONFIDENTIALITY;

		if (mechanism == CONDITION_SM && sm &&
		    protection_holds(c, tlv.value, tlv.tag == TAG_CHECKSUM))
			return true;
		if (mechanism == CONDITION_SM || tlv.tag != TAG_AUTHENTICATION)
			continue;
		if (parse_template(tlv.value, &t) && t.usage >= 0 && (t.usage & usage) != 0 &&
		    proved(c, mechanism == CONDITION_KEY ? RULES_KEY : RULES_PASSWORD, t.reference))
			return true;
	}
	return false;
}

/* Where no environment says more: whatever credential; a checksum over the command. */
static bool plain_mechanism_holds(const struct context *c, uint8_t mechanism)
{
	if (mechanism == CONDITION_SM)
		return is_protected(c, RULES_COMMAND_CHECKSUM);
	return proved(
	    c, mechanism == CONDITION_KEY ? RULES_KEY : RULES_PASSWORD, RULES_ANY_REFERENCE);
}

/* The default environment, 1, is always there: as long as nothing is stored in it, it says no more than
 * the condition does by itself. */
static bool condition_byte_holds(const struct context *c, uint8_t condition)
{
	static const uint8_t mechanisms[] = { CONDITION_SM, CONDITION_KEY, CONDITION_PASSWORD };
	uint8_t number = condition & CONDITION_ENVIRONMENT;
	struct bytes environment = { NULL, 0 };
	bool found = number > 0 && find_environment(c, number, &environment);
	bool all = (condition & CONDITION_ALL) != 0;
	bool result = false;

	if (condition == CONDITION_ALWAYS || condition == CONDITION_NEVER)
		return condition == CONDITION_ALWAYS;
	if (!found && number > 1)
		return false;
	for (size_t i = 0; i < sizeof mechanisms; i++) {
		if ((condition & mechanisms[i]) == 0)
			continue;
		result = found ? mechanism_holds(c, environment, mechanisms[i])
		               : plain_mechanism_holds(c, mechanisms[i]);
		if (result != all)
			return result;
	}
	return result;
}

/* An access mode byte and as many condition bytes as it has bits. *condition is the one for this
 * mode, if *covered says that there is one. */
static bool take_compact(
    struct bytes *rest, enum rules_mode mode, bool *covered, uint8_t *condition)
{
	uint8_t modes, next;

	*covered = false;
	if (!bytes_take_u8(rest, &modes))
		return false;
	for (uint8_t bit = 0x40; bit != 0; bit >>= 1) {
		bool proprietary =
		    (modes & MODE_PROPRIETARY) != 0 && (bit & MODE_INTERINDUSTRY_ALWAYS) == 0;

		if ((modes & bit) == 0)
			continue;
		if (!bytes_take_u8(rest, &next))
			return false;
		if (bit == (uint8_t)mode && !proprietary) {
			*covered = true;
			*condition = next;
		}
	}
	return true;
}

static enum answer ask_compact(const struct context *c, struct bytes value)
{
	uint8_t condition = CONDITION_NEVER;
	enum answer answer = NOT_COVERED;
	bool covered = false;

	while (value.len > 0) {
		if (!take_compact(&value, c->request->mode, &covered, &condition))
			return REFUSED;
		if (covered)
			answer =
			    greater(answer, condition_byte_holds(c, condition) ? ALLOWED : REFUSED);
	}
	return answer;
}

bool rules_compact_are_valid(struct bytes value)
{
	uint8_t condition;
	bool covered;

	while (value.len > 0) {
		if (!take_compact(&value, RULES_NOT_BY_MODE, &covered, &condition))
			return false;
	}
	return true;
}

static bool condition_holds(const struct context *c, const struct tlv *tlv, unsigned depth);

/* OR (any): some condition in the template holds; AND: all do, and there is one. */
static bool some_hold(const struct context *c, struct bytes value, bool any, unsigned depth)
{
	bool result = false;
	struct tlv tlv;

	while (tlv_take(&value, &tlv)) {
		result = condition_holds(c, &tlv, depth);
		if (result == any)
			return result;
	}
	return result;
}

static bool condition_holds(const struct context *c, const struct tlv *tlv, unsigned depth)
{
	if (depth == TLV_DEPTH_MAX)
		return false;
	switch (tlv->tag) {
	case TAG_ALWAYS:
		return true;
	case TAG_CONDITION_BYTE:
		return tlv->value.len == 1 && condition_byte_holds(c, tlv->value.data[0]);
	case TAG_AUTHENTICATION:
		return authentication_holds(c, tlv->value);
	case TAG_CHECKSUM:
	case TAG_CONFIDENTIALITY:
		return protection_holds(c, tlv->value, tlv->tag == TAG_CHECKSUM);
	case TAG_OR:
	case TAG_AND:
		return some_hold(c, tlv->value, tlv->tag == TAG_OR, depth + 1);
	case TAG_NOT:
		return !some_hold(c, tlv->value, true, depth + 1);
	default: /* TAG_NEVER, TAG_SIGNATURE: a digital signature of commands is not offered */
		return false;
	}
}

static bool is_access_mode(uint32_t tag)
{
	return (tag >= TAG_AM_BYTE && tag <= TAG_AM_HEADER_LAST) || tag == TAG_AM_PROPRIETARY;
}

/* One description of a command header: as many bytes as the tag has bits. Channel, chaining and secure
 * messaging do not tell interindustry classes apart. */
static bool take_header(
    struct bytes *rest, uint32_t tag, const struct rules_request *request, bool *match)
{
	const uint8_t header[] = { request->cla, request->ins, request->p1, request->p2 };
	uint8_t byte;

	*match = true;
	for (size_t i = 0; i < sizeof header; i++) {
		if ((tag & (8u >> i)) == 0)
			continue;
		if (!bytes_take_u8(rest, &byte))
			return false;
		if (i == 0 && byte < 0x80)
			byte = 0;
		*match = *match && byte == header[i];
	}
	return true;
}

static bool header_matches(const struct tlv *tlv, const struct rules_request *request)
{
	struct bytes rest = tlv->value;
	bool match = false;

	while (rest.len > 0 && !match) {
		if (!take_header(&rest, tlv->tag, request, &match))
			return false;
	}
	return match;
}

static bool access_mode_matches(const struct tlv *tlv, const struct rules_request *request)
{
	uint8_t modes;

	if (tlv->tag == TAG_AM_PROPRIETARY)
		return false;
	if (tlv->tag != TAG_AM_BYTE)
		return header_matches(tlv, request);
	if (tlv->value.len != 1)
		return false;
	modes = tlv->value.data[0];
	if ((modes & MODE_PROPRIETARY) != 0)
		modes &= MODE_INTERINDUSTRY_ALWAYS;
	return (modes & request->mode) != 0;
}

/* Access mode objects, each with the conditions that follow it, of which one must hold. */
static enum answer ask_expanded(const struct context *c, struct bytes value)
{
	enum answer answer = NOT_COVERED;
	bool applies = false;
	struct tlv tlv;

	if (!rules_expanded_are_valid(value))
		return REFUSED;
	while (tlv_take(&value, &tlv)) {
		if (is_access_mode(tlv.tag))
			applies = access_mode_matches(&tlv, c->request);
		else if (applies)
			answer = greater(answer, condition_holds(c, &tlv, 0) ? ALLOWED : REFUSED);
	}
	return answer;
}

/* 1 to 15 bytes of 4 are described by the tag; a value is one description or more. */
static bool access_mode_is_valid(const struct tlv *tlv)
{
	const struct rules_request any = { 0 };
	struct bytes rest = tlv->value;
	bool match;

	if (tlv->tag == TAG_AM_PROPRIETARY)
		return true;
	if (tlv->tag == TAG_AM_BYTE)
		return tlv->value.len == 1;
	while (rest.len > 0) {
		if (!take_header(&rest, tlv->tag, &any, &match))
			return false;
	}
	return tlv->value.len > 0;
}

static bool conditions_are_valid(struct bytes value, unsigned depth);

static bool condition_is_valid(const struct tlv *tlv, unsigned depth)
{
	struct template t;

	switch (tlv->tag) {
	case TAG_ALWAYS:
	case TAG_NEVER:
		return tlv->value.len == 0;
	case TAG_CONDITION_BYTE:
		return tlv->value.len == 1;
	case TAG_AUTHENTICATION:
	case TAG_CHECKSUM:
	case TAG_SIGNATURE:
	case TAG_CONFIDENTIALITY:
		return parse_template(tlv->value, &t);
	case TAG_OR:
	case TAG_NOT:
	case TAG_AND:
		return conditions_are_valid(tlv->value, depth + 1);
	default:
		return false;
	}
}

/* One or more. */
static bool conditions_are_valid(struct bytes value, unsigned depth)
{
	struct tlv tlv;
	bool some = false;

	while (value.len > 0) {
		if (depth == TLV_DEPTH_MAX || !tlv_take(&value, &tlv) ||
		    !condition_is_valid(&tlv, depth))
			return false;
		some = true;
	}
	return some;
}

bool rules_expanded_are_valid(struct bytes value)
{
	bool need_condition = false;
	bool may_condition = false;
	struct tlv tlv;

	while (value.len > 0) {
		if (!tlv_take(&value, &tlv))
			return false;
		if (!is_access_mode(tlv.tag)) {
			if (!may_condition || !condition_is_valid(&tlv, 0))
				return false;
			need_condition = false;
			continue;
		}
		if (need_condition || !access_mode_is_valid(&tlv))
			return false;
		need_condition = true;
		may_condition = true;
	}
	return !need_condition;
}

/* The nearest EF with records and this identifier, in df or above. */
static const struct file *find_ef(const struct file *df, uint16_t fid)
{
	const struct file *file;

	for (; df != NULL; df = file_parent(df)) {
		file = fs_child(df, fid);
		if (file == NULL && fid == RULES_FID_ARR)
			file = fs_child(df, RULES_FID_ARR_DF);
		if (file != NULL)
			return file_kind(file) == FILE_RECORDS ? file : NULL;
	}
	return NULL;
}

/* The record number that goes with the current security environment; 0: none. */
static uint8_t record_for(struct bytes pairs, uint8_t environment)
{
	uint8_t number, record;

	while (bytes_take_u8(&pairs, &number) && bytes_take_u8(&pairs, &record)) {
		if (number == environment)
			return record;
	}
	return 0;
}

/* Records of fixed size are filled up with 00 or FF, which are no tags. */
static struct bytes without_filling(struct bytes rules)
{
	struct bytes rest = rules;
	struct tlv tlv;

	while (rest.len > 0 && rest.data[0] != 0x00 && rest.data[0] != 0xFF) {
		if (!tlv_take(&rest, &tlv))
			return rules;
	}
	return bytes_first(rules, rules.len - rest.len);
}

/* A record number; an identifier and a record number; an identifier and pairs of environment and record. */
static enum answer ask_reference(const struct context *c, struct bytes value)
{
	uint16_t fid = RULES_FID_ARR;
	uint8_t record = 0;
	struct bytes rules;
	const struct file *arr;

	if (value.len == 0)
		return NOT_COVERED;
	if (value.len != 1 && !bytes_take_u16(&value, &fid))
		return REFUSED;
	if (value.len == 1)
		record = value.data[0];
	else
		record = record_for(value, c->request->environment);
	arr = find_ef(c->df, fid);
	if (arr == NULL || records_read(arr, record, &rules) != SW_OK)
		return REFUSED;
	return ask_expanded(c, without_filling(rules));
}

bool rules_exist(const struct file *file)
{
	return file_attribute(file, FILE_SECURITY_REFERENCE).len > 0 ||
	    file_attribute(file, FILE_SECURITY_COMPACT).len > 0 ||
	    file_attribute(file, FILE_SECURITY_EXPANDED).len > 0;
}

bool rules_allow(
    const struct file *file, const struct rules_request *request, const struct rules_judge *judge)
{
	const struct context c = { file_is_df(file) ? file : file_parent(file), request, judge };

	enum answer answer;

	if (!rules_exist(file))
		return true;
	answer = ask_compact(&c, file_attribute(file, FILE_SECURITY_COMPACT));
	answer = greater(answer, ask_expanded(&c, file_attribute(file, FILE_SECURITY_EXPANDED)));
	answer = greater(answer, ask_reference(&c, file_attribute(file, FILE_SECURITY_REFERENCE)));
	return answer == ALLOWED || (answer == NOT_COVERED && request->free_if_not_covered);
}

bool rules_are_valid(const struct fcp *fcp)
{
	return rules_compact_are_valid(fcp->security_compact) &&
	    rules_expanded_are_valid(fcp->security_expanded);
}
