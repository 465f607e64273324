"""Converts a Llama model from GGUF to the Hugging Face folder that Jlama reads.

    pip install gguf==0.19.0 numpy safetensors==0.8.0
    python gguf_to_safetensors.py MODEL.gguf FOLDER

The weights become f32, so nothing is lost here; Jlama quantises them to its own Q4 afterwards.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from gguf import GGUFReader, TokenType, dequantize
from safetensors.numpy import save_file

TENSORS = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
LAYER_TENSORS = {
    "attn_norm.weight": "input_layernorm.weight",
    "attn_q.weight": "self_attn.q_proj.weight",
    "attn_k.weight": "self_attn.k_proj.weight",
    "attn_v.weight": "self_attn.v_proj.weight",
    "attn_output.weight": "self_attn.o_proj.weight",
    "ffn_norm.weight": "post_attention_layernorm.weight",
    "ffn_gate.weight": "mlp.gate_proj.weight",
    "ffn_up.weight": "mlp.up_proj.weight",
    "ffn_down.weight": "mlp.down_proj.weight",
}

# llama.cpp's pre-tokenizer "smollm": every digit alone, then GPT-2's pattern.
DIGIT = r"\p{N}"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def fields_of(reader: GGUFReader) -> dict:
    return {name: field.contents() for name, field in reader.fields.items()}


def hugging_face_name(name: str) -> str:
    if name in TENSORS:
        return TENSORS[name]
    _, layer, rest = name.split(".", 2)
    return f"model.layers.{layer}.{LAYER_TENSORS[rest]}"


def unpermute(weights: np.ndarray, heads: int) -> np.ndarray:
    """Moves a head's rows from RoPE's pairs (0, 1) to Hugging Face's halves (0, half)."""
    rows, columns = weights.shape
    pairs = weights.reshape(heads, rows // heads // 2, 2, columns)
    return pairs.swapaxes(1, 2).reshape(rows, columns)


def weights_of(reader: GGUFReader, fields: dict) -> dict[str, np.ndarray]:
    heads = {
        "attn_q.weight": fields["llama.attention.head_count"],
        "attn_k.weight": fields["llama.attention.head_count_kv"],
    }
    weights = {}
    for tensor in reader.tensors:
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        kind = tensor.name.split(".", 2)[-1]
        if kind in heads:
            values = unpermute(values, heads[kind])
        weights[hugging_face_name(tensor.name)] = np.ascontiguousarray(values)
    return weights


def config_of(fields: dict, tied: bool) -> dict:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": fields["llama.embedding_length"],
        "intermediate_size": fields["llama.feed_forward_length"],
        "num_hidden_layers": fields["llama.block_count"],
        "num_attention_heads": fields["llama.attention.head_count"],
        "num_key_value_heads": fields["llama.attention.head_count_kv"],
        "max_position_embeddings": fields["llama.context_length"],
        "rms_norm_eps": fields["llama.attention.layer_norm_rms_epsilon"],
        "rope_theta": fields["llama.rope.freq_base"],
        "vocab_size": len(fields["tokenizer.ggml.tokens"]),
        "bos_token_id": fields["tokenizer.ggml.bos_token_id"],
        "eos_token_id": fields["tokenizer.ggml.eos_token_id"],
        "tie_word_embeddings": tied,
        "torch_dtype": "float32",
    }


def split(pattern: str) -> dict:
    return {
        "type": "Split",
        "pattern": {"Regex": pattern},
        "behavior": "Isolated",
        "invert": False,
    }


def tokenizer_of(fields: dict) -> dict:
    if fields["tokenizer.ggml.pre"] != "smollm":
        raise SystemExit(f"unknown pre-tokenizer {fields['tokenizer.ggml.pre']}")
    tokens = fields["tokenizer.ggml.tokens"]
    byte_level = {"add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    return {
        "version": "1.0",
        "added_tokens": [
            {"id": index, "content": tokens[index], "special": True, "normalized": False}
            for index, kind in enumerate(fields["tokenizer.ggml.token_type"])
            if kind == TokenType.CONTROL
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [split(DIGIT), split(GPT2), {"type": "ByteLevel"} | byte_level],
        },
        "decoder": {"type": "ByteLevel"} | byte_level,
        "model": {
            "type": "BPE",
            "unk_token": tokens[fields["tokenizer.ggml.unknown_token_id"]],
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {token: index for index, token in enumerate(tokens)},
            "merges": fields["tokenizer.ggml.merges"],
        },
    }


def tokenizer_config_of(fields: dict) -> dict:
    tokens = fields["tokenizer.ggml.tokens"]
    return {
        "tokenizer_class": "GPT2Tokenizer",
        "bos_token": tokens[fields["tokenizer.ggml.bos_token_id"]],
        "eos_token": tokens[fields["tokenizer.ggml.eos_token_id"]],
        "chat_template": fields["tokenizer.chat_template"],
    }


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Converts a Llama model from GGUF for Jlama.")
    parser.add_argument("gguf", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()

    reader = GGUFReader(arguments.gguf)
    fields = fields_of(reader)
    if fields["general.architecture"] != "llama":
        raise SystemExit(f"not a Llama model: {fields['general.architecture']}")
    weights = weights_of(reader, fields)

    arguments.folder.mkdir(parents=True, exist_ok=True)
    write_json(
        arguments.folder / "config.json", config_of(fields, "lm_head.weight" not in weights)
    )
    write_json(arguments.folder / "tokenizer.json", tokenizer_of(fields))
    write_json(arguments.folder / "tokenizer_config.json", tokenizer_config_of(fields))
    # Jlama's quantiser copies a README.md and fails where there is none.
    (arguments.folder / "README.md").write_text(f"# {fields['general.name']}, from GGUF\n")
    save_file(weights, arguments.folder / "model.safetensors")


if __name__ == "__main__":
    main()
