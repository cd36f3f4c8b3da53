/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * contract.bpf.h - all of record.h in the object's BTF, where a test compares it with Java.
 *
 * clang describes only the types that a map, a variable or a function's parameter mentions; a record
 * that is written through a pointer, or an enumerator that is a number by then, is not among them.
 * So one function mentions them all. It is a program to the compiler alone: the question mark makes
 * libbpf leave it out, it is never verified, loaded or run, and costs no map.
 */
#ifndef RASTRO_CONTRACT_BPF_H
#define RASTRO_CONTRACT_BPF_H

union rastro_contract {
	enum rastro_limit limit;
	enum rastro_record_kind record_kind;
	enum rastro_abi abi;
	enum rastro_record_flag record_flag;
	enum rastro_segment_status segment_status;
	enum rastro_segment_kind segment_kind;
	enum rastro_op_what op_what;
	enum rastro_op_when op_when;
	enum rastro_op_length op_length;
	enum rastro_op_flag op_flag;
	enum rastro_describe describe;
	enum rastro_stride stride;
	enum rastro_file_form file_form;
	enum rastro_file_flag file_flag;
	enum rastro_capture_flag capture_flag;
	enum rastro_loss loss;
	enum rastro_outcome outcome;
	enum rastro_task_state task_state;
	enum rastro_rule_kind rule_kind;
	enum rastro_filter filter;
	struct rastro_head head;
	struct rastro_call call;
	struct rastro_segment segment;
	struct rastro_fork fork;
	struct rastro_exec exec;
	struct rastro_exit exit;
	struct rastro_signal signal;
	struct rastro_op op;
	struct rastro_place place;
	struct rastro_plan plan;
	struct rastro_descriptor descriptor;
	struct rastro_target target;
	struct rastro_rule rule;
	struct rastro_control control;
	struct rastro_counter_key counter_key;
	struct rastro_counter counter;
	struct rastro_error_key error_key;
	struct rastro_task task;
};

SEC("?raw_tp")
int contract(union rastro_contract *mentioned)
{
	return 0;
}

#endif /* RASTRO_CONTRACT_BPF_H */
