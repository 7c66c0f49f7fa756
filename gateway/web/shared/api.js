/** The HTTP interface, with its errors as exceptions that carry the gateway's code. */

const BASE = new URL("../../api/v1/", import.meta.url);

export class ApiError extends Error {
  constructor(status, { code = "unknown", message = "", details = [] } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/**
 * @param {string} method
 * @param {string} path below /api/v1/
 * @param {unknown} [body] sent as JSON; a string is sent as CSV
 * @returns {Promise<any>} the answer's JSON; throws ApiError, with status 0 if the gateway can't be reached
 */
export async function api(method, path, body) {
  const headers = {};
  if (body !== undefined) headers["content-type"] = typeof body === "string" ? "text/csv; charset=utf-8" : "application/json";
  let answer;
  try {
    answer = await fetch(new URL(path, BASE), {
      method,
      headers,
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, { code: "unreachable", message: "No connection to the gateway." });
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiError(answer.status, content.error);
  return content;
}

/** Where something of the interface lies, for links. */
export function apiAddress(path) {
  return new URL(path, BASE).href;
}
