// The same with a client of hey-api.
import { openAsk, readProjection, type OpenAskRequest } from "./heyapi";

const subject = { kind: "commit", ref: "main", sha256: "…" };

export const asks: Record<OpenAskRequest["kind"], OpenAskRequest> = {
  help: { kind: "help", title: "Why does it fail?", request: { question: "Why does it fail on empty input?" } },
  logs: { kind: "logs", title: "Why is it red?", request: { source: "test run 412", filter: "FAILED" } },
  review: { kind: "review", title: "Is it good?", request: { focus: "errors" }, subject },
  approval: { kind: "approval", title: "May I?", request: { action: "deploy" }, subject, quorum: 2 },
};

export async function open(room: string, body: OpenAskRequest): Promise<string> {
  const headers = { "Parle-Version": "2026-08-17", "Idempotency-Key": crypto.randomUUID() } as const;
  const { data, error } = await openAsk({ path: { room }, headers, body });
  return data ? data.ask_id : error.error.message;
}

export async function acts(room: string): Promise<string[]> {
  const { data } = await readProjection({ path: { room }, headers: { "Parle-Version": "2026-08-17" } });
  return (data?.messages ?? []).map(({ payload }) =>
    "ask" in payload ? `${payload.ask.act} ${payload.ask.ask_id}` : (payload.body ?? ""));
}
