package io.galerne.console;

import java.util.List;

/**
 * A program that asks this installation a question, ready to be pasted.
 *
 * @param id names the example within the page
 */
record CodeExample(String id, String language, String code) {

  /** The same streamed question by curl and by the official clients. */
  static List<CodeExample> all(String address, String model) {
    return List.of(
        new CodeExample("curl", "curl", fill(CURL, address, model)),
        new CodeExample("python", "Python", fill(PYTHON, address, model)),
        new CodeExample("typescript", "TypeScript", fill(TYPESCRIPT, address, model)));
  }

  private static String fill(String example, String address, String model) {
    return example.replace("ADDRESS", address).replace("MODEL", model);
  }

  private static final String CURL =
      """
      curl ADDRESS/v1/chat/completions \\
        -H "Authorization: Bearer $GALERNE_API_KEY" \\
        -H 'Content-Type: application/json' \\
        -d '{"model": "MODEL", "temperature": 0, "max_tokens": 100,
             "messages": [{"role": "user", "content": "What is the capital of France?"}]}'
      """;

  private static final String PYTHON =
      """
      # pip install mistralai
      import os
      from mistralai.client import Mistral

      client = Mistral(api_key=os.environ["GALERNE_API_KEY"], server_url="ADDRESS")
      question = {"role": "user", "content": "What is the capital of France?"}
      with client.chat.stream(
          model="MODEL", messages=[question], temperature=0, max_tokens=100
      ) as answer:
          for event in answer:
              print(event.data.choices[0].delta.content or "", end="", flush=True)
      """;

  private static final String TYPESCRIPT =
      """
      // npm install @mistralai/mistralai
      import { Mistral } from "@mistralai/mistralai";

      const client = new Mistral({ apiKey: process.env.GALERNE_API_KEY, serverURL: "ADDRESS" });
      const answer = await client.chat.stream({
        model: "MODEL",
        temperature: 0,
        maxTokens: 100,
        messages: [{ role: "user", content: "What is the capital of France?" }],
      });
      for await (const event of answer) {
        process.stdout.write(String(event.data.choices[0].delta.content ?? ""));
      }
      """;
}
