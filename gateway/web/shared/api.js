/** The HTTP interface, with its errors as exceptions that carry the gateway's code. */

const BASE = new URL("../../api/v1/", import.meta.url);

const UNREACHABLE = { code: "unreachable", message: "No connection to the gateway." };

/** `content`: all that the gateway said about it. */
export class ApiError extends Error {
  constructor(status, content = {}) {
    super(content.message ?? "");
    this.status = status;
    this.code = content.code ?? "unknown";
    this.details = content.details ?? [];
    this.content = content;
  }
}

/**
 * @param {string} method
 * @param {string} path below /api/v1/
 * @param {unknown} [body] sent as JSON; a Blob is sent as it is
 * @param {{headers?: Record<string, string>, signal?: AbortSignal}} [more]
 * @returns {Promise<any>} the answer's JSON; throws ApiError, with status 0 if the gateway can't be reached
 */
export async function api(method, path, body, more = {}) {
  const answer = await ask(method, path, body, more);
  return answer.json().catch(() => ({}));
}

/**
 * Like `api`, for answers that come line by line, each a JSON object.
 * @returns {AsyncGenerator<any>} throws ApiError, also for a line that holds an error
 */
export async function* apiLines(method, path, body, more = {}) {
  const answer = await ask(method, path, body, more);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => {
      throw new ApiError(0, UNREACHABLE);
    });
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines.filter((each) => each.trim())) {
      const content = JSON.parse(line);
      if (content.error) throw new ApiError(answer.status, content.error);
      yield content;
    }
    if (done) return;
  }
}

async function ask(method, path, body, { headers = {}, signal } = {}) {
  const raw = body === undefined || body instanceof Blob;
  let answer;
  try {
    answer = await fetch(new URL(path, BASE), {
      method,
      headers: raw ? headers : { "content-type": "application/json", ...headers },
      body: raw ? body : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, UNREACHABLE);
  }
  if (answer.ok) return answer;
  const content = await answer.json().catch(() => ({}));
  throw new ApiError(answer.status, content.error);
}

/** Where something of the interface lies, for links. */
export function apiAddress(path) {
  return new URL(path, BASE).href;
}
