package io.galerne.api;

import tools.jackson.databind.json.JsonMapper;

/** Requests and answers of files and batches that the document shows. */
final class DocumentExamples {
  private static final String FILE_ID = "3f8d4f0e-8f0b-4f5e-9c55-0b8f6a5d7c21";
  private static final String JOB_ID = "5b6c3b8a-7d1c-4e0f-8a3d-2f1e0d9c8b7a";

  static final String LINES =
      """
      {"custom_id": "1", "body": {"max_tokens": 1, "messages": [{"role": "user", "content": "Hi"}]}}
      """;

  static final String FILE =
      """
      {"id": "%s", "object": "file", "bytes": 96, "created_at": 1764000000,
       "expires_at": 1766592000, "filename": "requests.jsonl", "purpose": "batch",
       "sample_type": "batch_request", "num_lines": 1, "mimetype": "application/jsonl",
       "source": "upload", "signature": "9f86d081884c7d659a2feaa0c55ad015", "visibility": "workspace"}
      """
          .formatted(FILE_ID);

  static final String FILES =
      """
      {"data": [%s], "object": "list", "total": 1}
      """
          .formatted(FILE);

  static final String URL =
      """
      {"url": "https://galerne.example/files/%s?expires=1764086400&signature=9f86d081884c7d65"}
      """
          .formatted(FILE_ID);

  static final String JOB_OF_A_FILE =
      """
      {"endpoint": "/v1/chat/completions", "model": "mistral-small", "input_files": ["%s"],
       "metadata": {"kind": "example"}, "timeout_hours": 24}
      """
          .formatted(FILE_ID);

  static final String JOB_OF_REQUESTS =
      """
      {"endpoint": "/v1/embeddings", "model": "mistral-embed",
       "requests": [{"custom_id": "1", "body": {"input": "The cat sleeps."}}]}
      """;

  static final String JOB =
      """
      {"id": "%s", "object": "batch", "input_files": ["%s"], "metadata": {"kind": "example"},
       "endpoint": "/v1/chat/completions", "model": "mistral-small", "agent_id": null,
       "output_file": null, "error_file": null, "errors": [], "outputs": null,
       "status": "RUNNING", "created_at": 1764000000, "total_requests": 2,
       "completed_requests": 1, "succeeded_requests": 1, "failed_requests": 0,
       "started_at": 1764000001, "completed_at": null}
      """
          .formatted(JOB_ID, FILE_ID);

  static final String JOBS =
      """
      {"data": [%s], "object": "list", "total": 1}
      """
          .formatted(JOB);

  static final String DELETED_FILE =
      """
      {"id": "%s", "object": "file", "deleted": true}
      """
          .formatted(FILE_ID);

  static final String DELETED_JOB =
      """
      {"id": "%s", "object": "batch", "deleted": true}
      """
          .formatted(JOB_ID);

  private DocumentExamples() {}

  /** Maps and lists, which the document's own writer takes. */
  static Object json(String text) {
    return JsonMapper.shared().readValue(text, Object.class);
  }
}
