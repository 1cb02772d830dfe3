// Requests to the server. Every failure is an ApiError with the message and the remedy of the server.

/** Return the message and the remedy of an error of the server. */
export const explain = ({ message, remedy }) => [message, remedy].filter(Boolean).join(". ");

export class ApiError extends Error {
  constructor(status, error) {
    super(explain(error));
    this.status = status;
    this.error = error;
  }
}

async function request(method, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(path, { method, body, headers, credentials: "same-origin" });
  } catch {
    throw new ApiError(0, { message: "The server does not answer", remedy: "Check that it is running." });
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new ApiError(response.status, answer.error ?? { message: `The server answered ${response.status}.` });
}

export const get = async (path) => (await request("GET", path)).json();
export const remove = (path) => request("DELETE", path);
export const post = async (path, value = {}) =>
  (await request("POST", path, JSON.stringify(value), { "Content-Type": "application/json" })).json();

const BLOCK = 8 * 1024 * 1024; // bytes
const WAITS = [1, 2, 4, 8, 15, 30]; // seconds before each new attempt

/** Upload a file in blocks, resuming after a broken connection. `progress` receives the job and the share. */
export async function upload(file, options, progress) {
  const job = await post("/api/jobs", { name: file.name, size: file.size, options });
  const path = `/api/jobs/${job.id}/upload`;
  let offset = 0;
  let failures = 0;
  while (offset < file.size) {
    try {
      const block = file.slice(offset, offset + BLOCK);
      const answer = await request("PATCH", path, block, { "Upload-Offset": String(offset) });
      offset = Number(answer.headers.get("Upload-Offset"));
      failures = 0;
    } catch (error) {
      if (error.status === 409 && Number.isInteger(error.error.offset)) offset = error.error.offset;
      else if ((error.status && error.status < 500) || failures >= WAITS.length) throw error;
      else {
        await new Promise((resolve) => setTimeout(resolve, WAITS[failures++] * 1000));
        const found = await request("HEAD", path).catch(() => null);
        if (found) offset = Number(found.headers.get("Upload-Offset"));
      }
    }
    progress(job, offset / file.size);
  }
  return job;
}

/** Follow a stream of Server-Sent Events; `on` receives the kind and the value. Returns a function that ends it. */
export function follow(path, on) {
  const source = new EventSource(path);
  for (const kind of ["job", "deleted"]) {
    source.addEventListener(kind, (event) => on(kind, JSON.parse(event.data)));
  }
  return () => source.close();
}
