const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A shell line that sends the same request; the key stays in a variable of the shell. */
export function curl(address, request) {
  return [
    `curl --no-buffer ${quoted(`${address}/v1/chat/completions`)}`,
    `  -H "Authorization: Bearer $GALERNE_API_KEY"`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(JSON.stringify(request, null, 2))}`,
  ].join(" \\\n");
}
