// A client of openapi-typescript and openapi-fetch. It opens an ask of each kind, and reads rows, without a cast.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Ask = components["schemas"]["OpenAskRequest"];

const subject = { kind: "commit", ref: "main", sha256: "…" };

// A kind that is missing here does not compile.
export const asks: Record<Ask["kind"], Ask> = {
  help: { kind: "help", title: "Why does it fail?", request: { question: "Why does it fail on empty input?" } },
  logs: { kind: "logs", title: "Why is it red?", request: { source: "test run 412", filter: "FAILED" } },
  review: { kind: "review", title: "Is it good?", request: { focus: "errors" }, subject },
  approval: { kind: "approval", title: "May I?", request: { action: "deploy" }, subject, quorum: 2 },
};

// @ts-expect-error No kind takes this member.
export const wrong: Ask = { kind: "help", title: "Why?", request: { answer: "…" } };

export const answer: components["schemas"]["AnswerRequest"] = {
  answer: { excerpts: [{ source: "test run 412", text: "FAILED Parser.reads_nothing" }], cut: ["412 lines"] },
};

const parle = createClient<paths>({ baseUrl: "https://parle.example" });

export async function open(room: string, ask: Ask): Promise<string> {
  const { data, error } = await parle.POST("/v/rooms/{room}/asks", {
    params: { path: { room }, header: { "Parle-Version": "2026-08-17", "Idempotency-Key": crypto.randomUUID() } },
    body: ask,
  });
  return data ? data.ask_id : error.error.message;
}

export async function acts(room: string): Promise<string[]> {
  const { data } = await parle.GET("/v/rooms/{room}/projection", {
    params: { path: { room }, header: { "Parle-Version": "2026-08-17" } },
  });
  return (data?.messages ?? []).map(({ payload }) =>
    "ask" in payload ? `${payload.ask.act} ${payload.ask.ask_id}` : (payload.body ?? ""));
}
