// Fills a running service with facts of every kind that it can be made to record over HTTP, and prints what it gave out: receipts, an export's
// checkpoint, a retried write. Run against the program of a version that is about to be changed; its database is dumped then (see README.md here).
// Usage: BASE=http://127.0.0.1:5080 PROVISION='parle provision -' node fill.mjs > given-out.json

import { execSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';

const base = process.env.BASE;
const skipped = [];

async function call(method, path, { as = {}, body, key = randomUUID(), may = [] } = {}) {
  const headers = { 'Parle-Version': '2026-08-17', 'Content-Type': 'application/json', 'Idempotency-Key': key };
  if (as.token) headers.Authorization = `Bearer ${as.token}`;
  if (as.session) headers['Parle-Agent-Session'] = as.session;
  if (as.cookie) headers.Cookie = as.cookie;
  const answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok && may.includes(answer.status)) {
    skipped.push(`${method} ${path}: ${answer.status} ${text.slice(0, 120)}`);
    return {};
  }

  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : {};
}

const provision = description => JSON.parse(execSync(process.env.PROVISION, { input: JSON.stringify(description), stdio: ['pipe', 'pipe', 'inherit'] }).toString());
const until = async (what, holds) => {
  for (let i = 0; i < 300; i++) {
    if (await holds()) return;
    await new Promise(resolve => setTimeout(resolve, 500));
  }

  skipped.push(`not seen within 150 s: ${what}`);
};

const there = provision({
  principals: ['ana', 'ben', 'cleo', 'dan'].map(handle => ({ handle, person_session: true, email: `${handle}@example.org` })),
  agents: [['ana', 'builder'], ['ben', 'tester'], ['cleo', 'operator'], ['dan', 'spare'], ['ana', 'old']].map(([principal, handle]) => ({ principal, handle })),
  rooms: [{
    handle: 'release', owner: 'ana',
    seats: ['@ana.builder', '@ben.tester', '@cleo.operator', '@ana.old'].map(agent => ({ agent })),
    tokens: ['@ana.builder', '@ben.tester', '@cleo.operator', '@ana.old'].map(agent => ({ agent, scopes: ['participate', 'invite_mint', 'claim_invite'] })),
  }],
  operators: [{ label: 'day-shift' }, { label: 'night-shift' }],
});
const room = there.rooms[0].room_id;
const cookies = Object.fromEntries(there.principals.map(one => [one.handle, { cookie: `__Host-parle_session=${(one.person_session ?? one.session ?? '').split('=').pop()}` }]));
const tokens = there.rooms[0].tokens.map(one => one.token);
const enter = async (token, where = room) => {
  const as = { token };
  const session = await call('POST', '/v/agent/sessions', { as, body: {} });
  Object.assign(as, { session: session.session_credential, id: session.agent_session_id, address: session.address });
  as.participant = (await call('POST', `/v/rooms/${where}/participants`, { as })).participant_id;
  return as;
};
const [ana, ben, cleo, old] = [await enter(tokens[0]), await enter(tokens[1]), await enter(tokens[2]), await enter(tokens[3])];
const at = path => `/v/rooms/${room}${path}`;
const say = (as, text, to, key) => call('POST', at('/messages'), { as, key, body: { type: 'message_submitted', payload: { body: text }, ...(to ? { addressing: { audience: 'direct', to } } : {}) } });

// Messages, replies, words that are taken away.
const kept = randomUUID();
const first = await say(ana, 'Version 2.1 is built. Do your tests pass?', undefined, kept);
const slip = await say(ana, 'The password is hunter2.');
await say(ana, 'Between us: it is late.', ben.address);
const [work] = (await call('GET', at('/responsive-delivery'), { as: ben })).messages;
await call('POST', at('/replies'), { as: ben, body: { reply_route_id: work.reply_route.reply_route_id, payload: { body: 'It is.' } } });
await call('POST', at('/responsive-delivery/ack'), { as: ben, body: { seq: work.seq, event_id: work.event_id } });
await call('POST', at('/redactions'), { as: cookies.ana, body: { event_id: slip.event_id, reason: 'secret' } });

// Asks, each act of each kind.
const digest = text => createHash('sha256').update(text).digest('hex');
const subject = text => ({ kind: 'patch', ref: 'Parser.cs:12', sha256: digest(text) });
const items = text => ({ items: [{ name: 'part.txt', text }] });
const ask = async (as, body) => (await call('POST', at('/asks'), { as, body })).ask_id;
const act = (as, id, what, body) => call('POST', at(`/asks/${id}/${what}`), { as, body });
const help = { kind: 'help', title: 'Why is build 412 red?', request: { question: 'Which test fails?' } };
let one = await ask(ana, { ...help, context: items('log'), due_at: new Date(Date.now() + 3600e3).toISOString() });
await act(ben, one, 'claim', {});
await act(ben, one, 'renew', {});
await act(ben, one, 'release');
await act(ben, one, 'claim', {});
await act(ben, one, 'context', items('more'));
const [item] = (await call('GET', at(`/asks/${one}`), { as: ben })).context.filter(thing => thing.name === 'part.txt').slice(-1);
await call('POST', at(`/asks/${one}/context/${item.item_id}/withdraw`), { as: ben, may: [404, 409] });
await act(ben, one, 'answer', { answer: { text: 'Parser.reads_nothing' } });
await act(ana, one, 'contest', { reason: 'And why?' });
await act(ben, one, 'answer', { answer: { text: 'Index 0 is out of range.' } });
await act(ana, one, 'accept');
await act(ben, await ask(ana, { ...help, addressing: { audience: 'direct', to: ben.address } }), 'decline', { reason: 'No time.' });
await act(ana, await ask(ana, help), 'withdraw', { reason: 'Found it.' });
const expired = await ask(ana, { ...help, due_at: new Date(Date.now() + 3e3).toISOString() });
const lapsed = await ask(ana, help);
await call('POST', at(`/asks/${lapsed}/claim`), { as: ben, body: { lease_seconds: 60 }, may: [422] });
const review = await ask(ana, { kind: 'review', title: 'Read nothing', request: { focus: 'empty input' }, subject: subject('one') });
await act(ben, review, 'claim', {});
await act(ben, review, 'answer', { answer: { verdict: 'approve', sha256: digest('one'), comments: [{ place: 'line 1', text: 'Good.' }] } });
const logs = await ask(ana, { kind: 'logs', title: 'The log of 412', request: { source: 'build 412' } });
await act(cleo, logs, 'claim', {});
await act(cleo, logs, 'answer', { answer: { excerpts: [{ source: 'build 412', text: 'FAILED' }], cut: ['the rest'] } });
const approval = await ask(ana, { kind: 'approval', title: 'Deploy 2.1', request: { action: 'deploy' }, subject: subject('one'), quorum: 2 });
await act(ben, approval, 'decide', { decision: 'approve', sha256: digest('one') });
await call('POST', at(`/asks/${approval}/decision/withdraw`), { as: ben, body: { reason: 'Wait.' }, may: [404, 405] });
await act(ana, approval, 'subject', { subject: subject('two') });
for (const who of [ben, cleo]) await act(who, approval, 'decide', { decision: 'approve', sha256: digest('two') });
await act(ana, approval, 'consume', { sha256: digest('two') });

// Names, sessions, tokens.
await call('POST', `/v/agent/sessions/${ben.id}/claim-alias`, { as: ben, body: { alias: 'night-shift', expected_generation: 0 } });
const agents = (await call('GET', '/v/agents', { as: cookies.ben })).agents;
const tester = agents.find(agent => agent.agent_handle === 'tester').agent_id;
await call('POST', '/v/agent/session-aliases/night-shift/offline-delivery/disable', { as: ben });
await call('PUT', `/v/agents/${tester}/session-aliases/night-shift/offline-delivery`, { as: cookies.ben, body: { offline_delivery: true } });
await call('POST', at('/my-session-aliases/night-shift/offline-delivery/disable'), { as: ben });
await call('POST', `/v/agents/${tester}/session-aliases/night-shift/offline-delivery/restore-everywhere`, { as: cookies.ben });
const second = await enter(tokens[1]);
await call('POST', `/v/agent/sessions/${second.id}/claim-alias`, { as: second, body: { alias: 'night-shift', expected_generation: 1 } }); // Supersedes.
await call('POST', `/v/agents/${tester}/session-aliases/night-shift/release/complete`, { as: cookies.ben, body: { expected_alias_generation: 2 } });
const third = await enter(tokens[1]);
await call('POST', `/v/agent/sessions/${third.id}/end`, { as: third });
const narrow = await call('POST', '/v/agent/tokens', { as: ana, body: { actions: ['read_projection', 'post_message'], uses: 3, ttl_seconds: 86400 } });
await call('POST', `/v/agent/tokens/${narrow.agent_token_id}/revoke`, { as: ana });

// Ways in and out.
const agentsOf = async who => Object.fromEntries((await call('GET', '/v/agents', { as: cookies[who] })).agents.map(agent => [agent.agent_handle, agent.agent_id]));
const joinKey = async body => call('POST', at('/join-keys'), { as: cookies.ana, body });
const key = await joinKey({ label: 'for a guest', agent_handle: 'guest' });
await call('POST', '/v/join', { body: { key: key.key, agent_handle: 'guest' } });
const asked = await joinKey({ approval: true });
await call('POST', '/v/join', { body: { key: asked.key, agent_handle: 'waits' }, key: 'waits' });
for (const waiting of (await call('GET', '/v/agent-admissions', { as: cookies.ana })).admissions) await call('POST', `/v/agent-admissions/${waiting.admission_id}`, { as: cookies.ana, body: { decision: 'deny' } });
await call('DELETE', at(`/join-keys/${(await joinKey({})).join_key_id}`), { as: cookies.ana });
await joinKey({ ttl_seconds: 1 }); // Lapses when another one is made after its time.
await call('POST', at('/invites/person'), { as: cookies.ana, body: { target: '@dan', offered_rights: ['invite_members'] } }).then(async invited =>
  call('POST', `/v/room-invitations/${invited.invitation_id ?? invited.invite_id}/accept`, { as: cookies.dan, body: {}, may: [404, 422] }));
const spare = (await agentsOf('dan')).spare;
const invite = await call('POST', at('/invites'), { as: cookies.ana, body: { target: { kind: 'agent', agent_id: spare }, seat_type: 'agent', agent_admission: 'owner_approval' }, may: [422] });
const bound = invite.invitation_id ?? invite.invite_id;
if (bound) {
  const token = (await call('POST', `/v/agents/${spare}/tokens`, { as: cookies.dan, body: { invite_id: bound, scopes: ['participate', 'claim_invite'] }, may: [404, 422] })).token;
  if (token) await call('POST', `/v/room-invitations/${bound}/accept`, { as: { token }, body: {}, may: [404, 403] });
}

for (const waiting of (await call('GET', '/v/agent-admissions', { as: cookies.dan })).admissions) await call('POST', `/v/agent-admissions/${waiting.admission_id}`, { as: cookies.dan, body: { decision: 'approve' } });
const seats = (await call('GET', at(''), { as: cookies.ana })).roster;
const danSeat = seats.principal_seats.find(seat => seat.handle === 'dan')?.seat_id;
if (danSeat) {
  await call('POST', at(`/seats/${danSeat}/rights`), { as: cookies.ana, body: { bundle: 'admin' } });
  await call('DELETE', at(`/seats/${danSeat}/rights/remove_members`), { as: cookies.ana });
}

await call('POST', at(`/participants/${cleo.participant}/remove`), { as: cookies.ana });
const oldSeat = seats.agent_seats.find(seat => seat.agent_handle === 'old').seat_id;
await call('POST', at(`/seats/${oldSeat}/remove`), { as: cookies.ana });
await call('DELETE', `/v/agents/${(await agentsOf('ana')).old}`, { as: cookies.ana });

// Who looks in; who signs out; a room that closes.
const auditor = await call('POST', at('/auditors'), { as: cookies.ana, body: { label: 'year end', contents: true } });
await call('GET', at('/record'), { as: { token: auditor.token } });
await call('GET', at(`/record/witnesses/${first.event_id}`), { as: { token: auditor.token } });
await call('POST', at(`/auditors/${auditor.auditor_id}/revoke`), { as: cookies.ana });
const operator = there.operators.find(one => one.label === 'day-shift').token;
await call('GET', '/v/record', { as: { token: operator } });
provision({ operators: [{ label: 'night-shift', dismissed: true }] });
const identities = await call('GET', '/v/auth/identities', { as: cookies.cleo, may: [404] });
for (const identity of identities.identities ?? []) await call('POST', `/v/auth/identities/${identity.identity_id}/unlink`, { as: cookies.cleo, body: { even_the_last: true }, may: [404, 405, 422] });
await call('POST', '/v/auth/logout', { as: cookies.cleo });
const closed = (await call('POST', '/v/rooms', { as: cookies.ben, body: { kind: 'shared', room_handle: 'closed' } })).room_id;
await call('DELETE', `/v/rooms/${closed}`, { as: cookies.ben });

await until('an ask expires', async () => (await call('GET', at(`/asks/${expired}`), { as: ana })).state === 'expired');
await until('a claim lapses', async () => (await call('GET', at(`/asks/${lapsed}`), { as: ana })).state === 'open');

await joinKey({});
const open = await ask(ana, { ...help, title: 'Still open', due_at: new Date(Date.now() + 15e3).toISOString() }); // Its deadline is on its way when the service is stopped.
const receipt = await call('GET', `${first.receipt}?contents=true`, { as: ana });
console.log(JSON.stringify({
  room, open, digest: first, kept, receipt,
  keys: await call('GET', '/.well-known/parle-keys.json'),
  ana: { token: ana.token, session: ana.session },
  checkpoint: (await call('GET', at('/record/checkpoint'), { as: cookies.ana })).checkpoint,
  view: (await call('GET', at('/projection?since_seq=0'), { as: ana })).messages.map(row => ({ seq: row.seq, event_id: row.event_id, event_type: row.event_type, payload: row.payload })),
}, null, 1));
for (const line of skipped) console.error(`skipped: ${line}`);
