#!/usr/bin/env node
// Checks a receipt, evidence about an ask, or an exported room of Parle without Parle:
//   node samples/verify.mjs FILE [--keys FILE|KEY]... [--checkpoint FILE]... [--trust-file-keys] [--allow-unsigned] [--allow-part]
// Exit code 0, OK: all of it was signed by a key that you named, or you said what you do without. 1, BAD: with what is wrong first.
// 2: it could not be checked. Node 18 or later, no packages.
// What it rests on: RFC 8785 (canonical JSON), RFC 6962 (hash trees), C2SP signed-note and tlog-checkpoint (signatures).
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const usage = 'Usage: node samples/verify.mjs FILE|- [--keys FILE|KEY]... [--checkpoint FILE]... [--trust-file-keys] [--allow-unsigned] [--allow-part]'
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const leafHash = text => sha256(Buffer.from([0]), text)
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right)

class Fault extends Error {} // Something is wrong with what was signed.
class Unreadable extends Error {} // It cannot be read in one way.
class Usage extends Error {} // It cannot be checked.
const fail = (fact, what) => { throw new Fault(fact === null ? what : `fact ${fact}: ${what}`) }
const unless = (holds, what) => { if (!holds) throw new Unreadable(what) }

// --- Reading: what two readers could take for different things is not read. The C# verifier reads by the same rules (StrictJson.cs).

// UTF-8 with or without a byte order mark; lines that end with LF or CRLF; blank ones say nothing. null: a line that is no UTF-8, or too long.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const longest = 64 * 1024 * 1024
const mark = Buffer.from([0xef, 0xbb, 0xbf])
const unmarked = bytes => bytes.subarray(0, 3).equals(mark) ? bytes.subarray(3) : bytes

function linesOf (bytes) {
  const lines = []
  for (let from = 0; from <= bytes.length;) {
    const end = bytes.indexOf(10, from)
    let line = bytes.subarray(from, end < 0 ? bytes.length : end)
    const tooLong = line.length > longest
    if (from === 0) line = unmarked(line)
    if (tooLong) lines.push(null)
    else if (line.some(byte => byte !== 32 && byte !== 9 && byte !== 13)) try { lines.push(utf8.decode(line)) } catch { lines.push(null) }
    from = end < 0 ? bytes.length + 1 : end + 1
  }
  return lines
}

// One value that may be spread over several lines. A line that cannot be read is not left out: with it would go what it says.
const parseAll = lines => parse(lines.includes(null) ? null : lines.join('\n'))

// A text whose blank lines count.
function wholeText (bytes) {
  unless(bytes.length <= longest, 'it is too long')
  try { return utf8.decode(unmarked(bytes)) } catch { throw new Unreadable('it is no UTF-8') }
}

// I-JSON: no member twice (that shows as a colon too many), no half characters, no number that is read as another, at most 64 levels.
function parse (text) {
  unless(text !== null, 'it is no UTF-8, or too long')
  let value
  try { value = JSON.parse(text) } catch (wrong) { throw new Unreadable(wrong.message) }
  const whole = string => unless(!/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(string), 'it holds half a character')
  const members = (part, depth) => {
    if (typeof part === 'string') whole(part)
    if (part === null || typeof part !== 'object') return 0
    unless(depth <= 64, 'it is too deep')
    if (Array.isArray(part)) return part.reduce((sum, item) => sum + members(item, depth + 1), 0)
    return Object.keys(part).reduce((sum, name) => { whole(name); return sum + 1 + members(part[name], depth + 1) }, 0)
  }
  // Character by character: what a pattern repeats takes of a stack that a long line exhausts.
  let colons = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === ':') colons++
    else if (text[i] === '"') while (text[++i] !== '"') { if (text[i] === '\\') i++ } // To the end of the string.
    else if (text[i] === '-' || isDigit(text[i])) {
      const from = i
      while (isDigit(text[i + 1]) || (i + 1 < text.length && '.eE+-'.includes(text[i + 1]))) i++
      const number = text.slice(from, i + 1)
      unless(Number.isFinite(Number(number)) && (/[.eE]/.test(number) || Number(number) === 0 || String(Number(number)) === number), 'a number would be altered')
    }
  }
  unless(colons === members(value, 1), 'a member stands twice')
  return value
}

const isDigit = one => one >= '0' && one <= '9'
const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value)
const isID = value => typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)

// A member, by what it must be; null when it is not there and need not be.
function maybe (value, name) { unless(isObject(value), `an object with ${name} is expected`); return value[name] ?? null }
function member (value, name, is, what) { const found = maybe(value, name); unless(found !== null && is(found), `${name} is not there, or no ${what}`); return found }
const text = (value, name) => member(value, name, one => typeof one === 'string', 'text')
const object = (value, name) => member(value, name, isObject, 'object')
const list = (value, name) => member(value, name, Array.isArray, 'list')
const id = (value, name) => member(value, name, isID, 'id')
const flag = (value, name) => member(value, name, one => typeof one === 'boolean', 'truth')
const whole = (value, name) => member(value, name, one => Number.isSafeInteger(one) && one >= 0, 'whole number')
const base64 = string => { const bytes = Buffer.from(string, 'base64'); return bytes.toString('base64') === string ? bytes : null }
const bytes = (value, name) => base64(member(value, name, one => typeof one === 'string' && base64(one), 'base64'))

// RFC 3339 in UTC, in ticks of 100 ns; null when it is no time.
function timeOf (string) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,7}))?(?:Z|\+00:00)$/.exec(string)
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number)
  const at = new Date(0)
  at.setUTCFullYear(year, month - 1, day)
  at.setUTCHours(hour, minute, second)
  return year === 0 || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day ? null : BigInt(at.getTime()) * 10000n + BigInt((parts[7] ?? '').padEnd(7, '0'))
}
const spelt = ticks => new Date(Number((ticks - ((ticks % 10000000n) + 10000000n) % 10000000n) / 10000n)).toISOString().replace(/\.\d+Z$/, 'Z')

// RFC 8785: members by the code units of their names; JSON.stringify writes strings and numbers as it asks.
const canonical = value => Array.isArray(value) ? `[${value.map(canonical).join(',')}]`
  : value !== null && typeof value === 'object' ? `{${Object.keys(value).sort().map(name => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
    : JSON.stringify(value)

// --- Keys.

const overlap = 5n * 60n * 10000000n // A key counts so long beyond the beginning of its successor.
const beginning = timeOf('0001-01-01T00:00:00Z')
const earlier = (one, other) => one === null || other < one ? other : one

// A public key: name+id+base64(1, 32 bytes of Ed25519), as a word or as published.
function readKey (entry) {
  const word = typeof entry === 'string' ? entry : text(entry, 'key')
  const [name, , ...rest] = word.split('+')
  const key = base64(rest.join('+'))
  unless(name && key?.length === 33 && key[0] === 1, `'${word}' is no key of Parle`)
  const keyID = sha256(`${name}\n`, key).subarray(0, 4)
  unless(`${name}+${keyID.toString('hex')}+${key.toString('base64')}` === word && isOfPrimeOrder(key.subarray(1)), `'${word}' is no key of Parle`)
  const time = member => {
    if (typeof entry === 'string' || maybe(entry, member) === null) return null
    const at = timeOf(text(entry, member))
    unless(at !== null, `${member} of a key is no time in UTC (RFC 3339)`)
    return at
  }
  const endorsement = typeof entry === 'string' || maybe(entry, 'endorsement') === null ? null : text(entry, 'endorsement')
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)])
  return { word, name, id: keyID, key: createPublicKey({ key: spki, format: 'der', type: 'spki' }), from: time('valid_from'), until: time('valid_until'), endorsement }
}

// Whether 32 bytes are the one encoding of a point of edwards25519 whose order is the prime L: only of such keys do all libraries take the same
// signatures. With the complete formulas of RFC 8032 section 5.1.4; which of the two x it is does not matter for the order.
function isOfPrimeOrder (encoded) {
  const [p, L] = [2n ** 255n - 19n, 2n ** 252n + 27742317777372353535851937790883648493n]
  const mod = n => ((n % p) + p) % p
  const power = (base, exponent) => { let all = 1n; for (; exponent > 0n; exponent >>= 1n, base = base * base % p) if (exponent & 1n) all = all * base % p; return all }
  const y = BigInt(`0x${Buffer.from(encoded).reverse().toString('hex')}`) & (2n ** 255n - 1n)
  const d = mod(-121665n * power(121666n, p - 2n))
  const square = mod((y * y - 1n) * power(mod(d * y * y + 1n), p - 2n))
  let x = power(square, (p + 3n) / 8n)
  if (x * x % p !== square) x = x * power(2n, (p - 1n) / 4n) % p
  if (y >= p || x === 0n || x * x % p !== square) return false
  const add = ([x1, y1, z1, t1], [x2, y2, z2, t2]) => {
    const [a, b, c, e] = [mod((y1 - x1) * (y2 - x2)), (y1 + x1) * (y2 + x2) % p, 2n * d * t1 * t2 % p, 2n * z1 * z2 % p]
    return [mod((b - a) * (e - c)), mod((e + c) * (b + a)), mod((e - c) * (e + c)), mod((b - a) * (b + a))]
  }
  let [sum, twice] = [[0n, 1n, 1n, 0n], [x, y, 1n, x * y % p]]
  for (let n = L; n > 0n; n >>= 1n, twice = add(twice, twice)) if (n & 1n) sum = add(sum, twice)
  return sum[0] === 0n && sum[1] === sum[2]
}

// Said twice, a key counts within both bounds.
function ring (entries) {
  const keys = []
  for (const key of entries) {
    const known = keys.find(one => one.word === key.word)
    if (!known) keys.push(key)
    else {
      if (known.from === null || (key.from !== null && key.from > known.from)) known.from = key.from
      if (key.until !== null) known.until = earlier(known.until, key.until)
    }
  }
  return keys
}

// The newest key of a name endorses one successor; an older one none any more.
function trust (pinned, brought) {
  const keys = [...pinned]
  for (const name of new Set(pinned.map(key => key.name))) {
    for (let next = [null]; next.length === 1;) {
      const newest = keys.filter(key => key.name === name).reduce((one, other) => (other.from ?? beginning) >= (one.from ?? beginning) ? other : one)
      next = brought.filter(other => !keys.some(key => key.word === other.word) && endorses(newest, other))
      if (next.length > 1) fail(null, `key ${newest.word} endorses two others: ${next[0].word} and ${next[1].word}`)
      if (next.length === 1) {
        newest.until = earlier(newest.until, next[0].from + overlap)
        keys.push(next[0])
      }
    }
  }
  return keys
}

function endorses (key, other) {
  if (other.from === null || other.endorsement === null || other.name !== key.name || (key.from !== null && other.from < key.from) || (key.until !== null && other.from > key.until)) return false
  const note = readNote(other.endorsement)
  return note !== null && note.text === `parle key\n${other.word}\nvalid from ${spelt(other.from)}\n` && isSignedBy(note, key)
}

// A signed note: a text, an empty line, signatures; null when it is something else.
function readNote (note) {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return null
  const signatures = []
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const parts = line.startsWith('\u2014 ') ? line.slice(2).split(' ') : []
    const signature = parts.length === 2 && parts[0] !== '' && parts[1].length <= 344 ? base64(parts[1]) : null
    if (signature === null || signature.length < 5) return null
    signatures.push({ name: parts[0], signature })
  }
  return { text: note.slice(0, end + 1), signatures }
}

// OpenSSL compares the encoding of S B - k A with R: with a key of the prime order, R is of that order too, or nothing.
const nothing = Buffer.from([1, ...Array(31).fill(0)])
const isSignedBy = (note, key) => note.signatures.some(({ name, signature }) => name === key.name && signature.length === 68 &&
  signature.subarray(0, 4).equals(key.id) && !signature.subarray(4, 36).equals(nothing) && verify(null, Buffer.from(note.text), key.key, signature.subarray(4)))

// The checkpoint of a note: origin, size, root, time.
function readCheckpoint (signed, keys) {
  const no = why => fail(null, `a checkpoint does not count: ${why}`)
  const note = readNote(signed)
  const [origin, size, root, time, ...rest] = note === null ? [] : note.text.split('\n')
  const at = timeOfNote(time)
  if (!origin || size.length > 16 || !/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || base64(root)?.length !== 32 || at === null || rest.length !== 1 || rest[0] !== '') no('it is no signed checkpoint')
  const path = pathBehindSigner(note, origin, at, keys, no)
  return { origin, path, size: Number(size), root: base64(root), at: time.slice(5) }
}

// A statement: origin, a line for each of these words, time.
function readStatement (signed, words, keys, no) {
  const note = readNote(signed)
  const [origin, ...lines] = note === null ? [] : note.text.split('\n')
  const time = lines[words.length]
  const at = timeOfNote(time)
  if (!origin || at === null || lines.length !== words.length + 2 || lines.at(-1) !== '' || !words.every((word, i) => lines[i].startsWith(`${word} `))) no('it is no signed statement of this kind')
  const path = pathBehindSigner(note, origin, at, keys, no)
  return { origin, path, at: time.slice(5), ...Object.fromEntries(words.map((word, i) => [word, lines[i].slice(word.length + 1)])) }
}

const timeOfNote = line => /^time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(line ?? '') ? timeOf(line.slice(5)) : null

// What stands behind NAME/rooms/ in an origin; the name may have slashes of its own.
function pathBehindSigner (note, origin, at, keys, no) {
  const key = keys.find(one => isSignedBy(note, one))
  if (!key) no('no trusted key signed it')
  if (!origin.startsWith(`${key.name}/rooms/`)) no(`${key.name} cannot sign for ${origin}`)
  if ((key.from !== null && at < key.from) || (key.until !== null && at > key.until)) no(`its key was not valid at ${spelt(at)}`)
  return origin.slice(`${key.name}/rooms/`.length)
}

// What was signed of logs, by name and size.
function addCheckpoint (signed, checkpoint) {
  const log = signed.get(checkpoint.origin) ?? signed.set(checkpoint.origin, new Map()).get(checkpoint.origin)
  if (log.has(checkpoint.size) && !log.get(checkpoint.size).root.equals(checkpoint.root)) fail(null, `the record was forked: two different records of ${checkpoint.size} facts were signed for ${checkpoint.origin}`)
  log.set(checkpoint.size, checkpoint)
}

// --- Words. A fact commits to its own under its id, and to those of each attached item under the item's.

const readCommitment = value => isObject(value) && typeof value.sha256 === 'string' && Number.isInteger(value.bytes) && Math.abs(value.bytes) < 2 ** 31 ? value : null

function committedBy (fact) {
  const [eventID, data, committed] = [id(fact, 'event_id'), object(fact, 'data'), new Map()]
  const add = (contentID, commitment) => { unless(!committed.has(contentID), `it commits to two contents ${contentID}`); committed.set(contentID, commitment) }
  const own = value => { if (readCommitment(value)) add(eventID, value); else if (value !== null && typeof value === 'object') Object.values(value).forEach(own) }
  for (const name of Object.keys(data)) if (name !== 'context') own(data[name])
  for (const item of Array.isArray(data.context) ? data.context : []) {
    const itemID = id(item, 'item_id')
    unless(itemID !== '00000000-0000-0000-0000-000000000000' && readCommitment(item.content), 'an item of its context commits to nothing')
    add(itemID, item.content)
  }
  return committed
}

function readWords (holder) {
  return maybe(holder, 'contents') === null ? [] : list(holder, 'contents').map(content => {
    if (maybe(content, 'body') !== null) return { contentID: id(content, 'content_id'), salt: bytes(content, 'salt'), body: text(content, 'body') }
    unless(maybe(content, 'salt') === null, 'there is a salt without words')
    return { contentID: id(content, 'content_id'), body: null }
  })
}

// Each content under the id of its commitment, and once.
function compareWords (given, committed, complete, fact) {
  const seen = new Set()
  for (const { contentID, salt, body } of given) {
    const commitment = committed.get(contentID)
    if (!commitment) fail(fact, `content ${contentID} is none of its own`)
    if (seen.has(contentID)) fail(fact, `content ${contentID} is there twice`)
    seen.add(contentID)
    if (body !== null && (sha256(salt, body).toString('hex') !== commitment.sha256 || Buffer.byteLength(body) !== commitment.bytes)) fail(fact, `content ${contentID} is not what it commits to`)
  }
  if (complete) for (const contentID of committed.keys()) if (!seen.has(contentID)) fail(fact, `content ${contentID} was left out`)
}

// --- Receipts.

function readReceipt (receipt) {
  const fact = object(receipt, 'fact')
  const read = {
    fact, type: text(fact, 'type'), roomID: id(fact, 'room_id'), eventID: id(fact, 'event_id'), log: text(receipt, 'log'), position: whole(receipt, 'position'), note: text(receipt, 'checkpoint'),
    proof: hashes(receipt, 'inclusion_proof'), keys: ring(list(receipt, 'keys').map(readKey)), words: readWords(receipt), committed: committedBy(fact), names: null
  }
  if (maybe(receipt, 'names') !== null || maybe(receipt, 'names_note') !== null) read.names = { list: readNames(receipt), note: text(receipt, 'names_note') }
  return read
}

const hashes = (value, name) => list(value, name).map(node => { unless(typeof node === 'string' && base64(node), `${name} has something that is no base64`); return base64(node) })

// Whom the ids in facts stand for. Their digest is over the list as it stands, in canonical JSON.
function readNames (holder) {
  for (const name of list(holder, 'names')) { id(name, 'id'); text(name, 'kind'); text(name, 'address') }
  return holder.names
}
const areSigned = (names, digest) => base64(digest)?.equals(sha256(canonical(names))) === true

// RFC 9162 section 2.1.3.2.
function includes (size, root, index, leaf, proof) {
  if (index < 0 || index >= size || proof.some(node => node.length !== 32)) return false
  let [node, last, hash] = [index, size - 1, leaf]
  const half = n => Math.floor(n / 2)
  for (const beside of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(beside, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else hash = nodeHash(hash, beside)
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && hash.equals(root)
}

function checkReceipt ({ fact, type, roomID, eventID, log, position, note, proof, keys: brought, words, committed, names }, pinned, held) {
  const keys = pinned ? trust(pinned, brought) : brought
  const checkpoint = readCheckpoint(note, keys)
  const [room, ...rest] = checkpoint.path.split('/') // Behind the signer's name, which may have slashes of its own.
  if (room !== roomID || (log === 'record' ? rest.length !== 0 : log !== 'view' || rest.length !== 2 || rest[0] !== 'seats')) {
    fail(position, `the checkpoint is of another log, ${checkpoint.origin}`)
  }
  if (!includes(checkpoint.size, checkpoint.root, position - 1, leafHash(canonical(fact)), proof)) fail(position, 'it is not what was signed')
  compareWords(words, committed, false, position)
  if (names !== null) {
    const statement = readStatement(names.note, ['names'], keys, why => fail(position, `the note of its names does not count: ${why}`))
    if (statement.path !== `${roomID}/facts/${eventID}/names`) fail(position, `its names are those of ${statement.origin}`)
    if (!areSigned(names.list, statement.names)) fail(position, 'its names are not what was signed')
  }
  const signed = new Map()
  for (const one of [checkpoint, ...held.map(other => readCheckpoint(other, keys))]) addCheckpoint(signed, one)
  return { what: `${type} ${eventID} is fact ${position} of ${checkpoint.origin}, signed at ${checkpoint.at}` }
}

// A receipt that was made to be handed on: no log, but a statement of the fact alone.
function readHandedOn (file) {
  const fact = object(file, 'fact')
  return {
    fact, type: text(fact, 'type'), roomID: id(fact, 'room_id'), at: text(fact, 'at'), eventID: id(fact, 'event_id'), names: readNames(file), note: text(file, 'statement'),
    keys: ring(list(file, 'keys').map(readKey)), words: readWords(file), committed: committedBy(fact)
  }
}

function checkHandedOn ({ fact, type, roomID, eventID, names, note, keys: brought, words, committed }, pinned) {
  const statement = readStatement(note, ['leaf', 'names'], pinned ? trust(pinned, brought) : brought, why => fail(null, `the statement does not count: ${why}`))
  if (statement.path !== `${roomID}/facts/${eventID}`) fail(1, `the statement is of another fact, ${statement.origin}`)
  if (base64(statement.leaf)?.equals(leafHash(canonical(fact))) !== true) fail(1, 'it is not what was signed')
  if (!areSigned(names, statement.names)) fail(1, 'its names are not what was signed')
  compareWords(words, committed, false, 1)
  return { what: `${type} ${eventID} is a fact of room ${roomID}, signed at ${statement.at}` }
}

// --- Evidence: the facts of one ask.

function readEvidence (file) {
  const facts = list(file, 'facts').map(entry => {
    const fact = object(entry, 'fact')
    const data = object(fact, 'data')
    const read = { position: whole(entry, 'position'), fact, data, leaf: bytes(entry, 'leaf'), proof: hashes(entry, 'inclusion_proof'), words: readWords(entry), committed: committedBy(fact) }
    return { ...read, type: text(fact, 'type'), roomID: id(fact, 'room_id'), at: text(fact, 'at'), actor: text(fact, 'actor'), principal: text(fact, 'principal'), askID: id(data, 'ask_id'), number: whole(data, 'number') }
  })
  unless(facts.length > 0, 'facts is empty')
  return { roomID: id(file, 'room_id'), askID: id(file, 'ask_id'), note: text(file, 'statement'), facts, names: readNames(file), keys: ring(list(file, 'keys').map(readKey)) }
}

function checkEvidence ({ roomID, askID, note, facts, names, keys: brought }, pinned) {
  const no = why => fail(null, `the statement does not count: ${why}`)
  const statement = readStatement(note, ['facts', 'root', 'names', 'whole'], pinned ? trust(pinned, brought) : brought, no)
  if (statement.path !== `${roomID}/asks/${askID}/evidence`) fail(null, `the statement is of something else, ${statement.origin}`)
  const [count, root] = [Number(statement.facts), base64(statement.root)]
  if (statement.facts.length > 16 || !/^(0|[1-9]\d*)$/.test(statement.facts) || !Number.isSafeInteger(count) || root?.length !== 32 || !['yes', 'no'].includes(statement.whole)) no('it has a value that is none')
  if (!areSigned(names, statement.names)) fail(null, 'its names are not what was signed')
  let [before, last] = [facts[0].position - 1, 0]
  for (const { position, fact, leaf, proof, words, committed, roomID: ofRoom, askID: ofAsk, number } of facts) {
    if (position !== before + 1) fail(before + 1, 'it is missing')
    before = position
    if (ofRoom !== roomID || ofAsk !== askID) fail(position, 'it is of another ask')
    if (!leaf.equals(leafHash(canonical(fact)))) fail(position, 'its leaf is that of another fact')
    if (!includes(count, root, position - 1, leaf, proof)) fail(position, 'it is not what was signed')
    if (number <= last) fail(position, 'it stands in another place than its own')
    last = number
    compareWords(words, committed, true, position)
  }
  const first = facts[0].position
  const all = facts.flatMap(fact => fact.words)
  return {
    what: `ask ${askID} of room ${roomID}, ${facts.length} of ${count} facts, ${all.filter(given => given.body !== null).length} of ${all.length} contents, signed at ${statement.at}`,
    partial: first > 1 ? [1, `facts 1 to ${first - 1} are not in this file`]
      : before < count ? [before + 1, `facts ${before + 1} to ${count} are not in this file`]
        : statement.whole === 'yes' ? null : [null, 'its reader came later, and need not have seen all facts of the ask'],
    story: facts.map(fact => tell(fact, names))
  }
}

// When, what, by whom, for whom, and what was decided. Nothing in a file can look like a line of the verdict.
function tell ({ position, at, type, actor, principal, data }, names) {
  const named = word => { const name = names.find(one => one.id === word.split('/')[0].split(':').at(-1)); return name ? `${name.address} (${word})` : word }
  const decided = data.approved === true ? ' approved' : data.approved === false ? ' denied' : ''
  const about = typeof data.sha256 === 'string' ? ` sha256 ${data.sha256}` : ''
  return `${position} ${at} ${type} by ${named(actor)} for ${named(principal)}${decided}${about}`
    .replace(/[^ -~]/g, one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

// --- Exported rooms.

// The root of a log that is read once: its complete subtrees, largest first.
class Frontier {
  constructor (other) { this.size = other?.size ?? 0; this.subtrees = [...(other?.subtrees ?? [])] }
  add (leaf) {
    let node = leaf
    for (let n = this.size; n % 2 === 1; n = (n - 1) / 2) node = nodeHash(this.subtrees.pop(), node)
    this.subtrees.push(node)
    this.size++
  }

  root () { return this.subtrees.length === 0 ? sha256('') : this.subtrees.reduceRight((right, left) => nodeHash(left, right)) }
}

// One log beside what was signed of it.
class Log {
  constructor (origin, signed, record, begin, version = 0) {
    Object.assign(this, { origin, record, signed, frontier: new Frontier(begin), unsure: version + 1, covered: 0 })
  }

  add (leaf, version, indexed) {
    this.frontier.add(leaf)
    if (indexed && !indexed.equals(leaf)) this.doubted ??= version
    this.compare(version)
  }

  compare (version) {
    const checkpoint = this.signed.get(this.origin)?.get(this.frontier.size)
    if (!checkpoint) return
    if (!this.frontier.root().equals(checkpoint.root)) {
      const doubted = this.doubted ?? this.record?.doubted // The whole record may know better which one it is.
      const first = Math.min(version, Math.max(this.unsure, this.record?.unsure ?? 0))
      if (doubted) fail(doubted, 'it is not what was recorded')
      fail(first, first === version ? 'it is not what was signed' : `of facts ${first} to ${version} at least one is not what was signed at ${checkpoint.at}`)
    }
    ;[this.covered, this.unsure, this.doubted] = [this.frontier.size, version + 1, undefined]
  }

  end () {
    const longest = [...(this.signed.get(this.origin)?.keys() ?? [])].reduce((most, size) => Math.max(most, size), 0)
    if (longest > this.frontier.size) fail(this.doubted ?? this.frontier.size + 1, this.doubted ? 'it is not what was recorded' : `it is missing, and all after it up to ${longest}`)
  }
}

function checkExport (lines, pinned, held) {
  const [signed, views, erased, excused, common] = [new Map(), new Map(), new Set(), new Set(), new Frontier()]
  let [header, keys, record, ended] = [null, null, null, false]
  const size = () => record?.frontier.size ?? 0
  for (const line of lines) {
    try { take(parse(line)) } catch (wrong) {
      throw wrong instanceof Unreadable ? new Fault(`${header ? `fact ${size() + 1}: ` : ''}a line cannot be read: ${wrong.message}`) : wrong
    }
  }
  if (!ended) fail(size() + 1, 'the file is cut')
  return {
    what: `room ${header.roomID}, ${size()} facts, ${[...signed.values()].reduce((sum, log) => sum + log.size, 0)} checkpoints`,
    uncovered: record.covered < size() ? [record.covered + 1, `nothing was signed of facts ${record.covered + 1} to ${size()}`] : null
  }

  function take (line) {
    const kinds = ['checkpoint', 'fact', 'end'].filter(kind => maybe(line, kind) !== null)
    if (ended) fail(null, 'something stands behind the end')
    if (!header) return begin(line)
    if (kinds.length !== 1) fail(null, 'a line is nothing that an export holds')
    if (kinds[0] === 'fact') addFact(line)
    else if (kinds[0] === 'end') end(object(line, 'end'))
    else if (size() > 0) fail(null, 'a checkpoint stands behind facts')
    else addNote(text(line, 'checkpoint'))
  }

  function begin (line) {
    if (text(line, 'format') !== 'parle-room/1') fail(null, 'this is no parle-room/1')
    const read = { roomID: id(line, 'room_id'), name: text(line, 'name'), facts: whole(line, 'facts'), contents: flag(line, 'contents') }
    const brought = ring(list(line, 'keys').map(readKey))
    header = read
    keys = pinned ? trust(pinned, brought) : brought
    record = new Log(`${read.name}/rooms/${read.roomID}`, signed)
    held.forEach(addNote)
  }

  function addNote (note) {
    const checkpoint = readCheckpoint(note, keys)
    if (checkpoint.origin !== record.origin && !checkpoint.origin.startsWith(`${record.origin}/seats/`)) fail(null, `a checkpoint is of another room, ${checkpoint.origin}`)
    addCheckpoint(signed, checkpoint)
  }

  function addFact (line) {
    // All of it is read before anything is compared, so that every reader stumbles over the same line.
    const [version, fact, leaf, words] = [whole(line, 'version'), object(line, 'fact'), maybe(line, 'leaf') === null ? null : bytes(line, 'leaf'), readWords(line)]
    const [ofRoom, type, data, committed] = [id(fact, 'room_id'), text(fact, 'type'), object(fact, 'data'), committedBy(fact)]
    const placement = maybe(fact, 'placement') === null ? {} : object(fact, 'placement')
    const isCommon = maybe(placement, 'common') !== null && whole(placement, 'common') >= 0
    const seats = isCommon || maybe(placement, 'private') === null ? [] : list(placement, 'private').map(place => id(place, 'seat_id'))
    const admitted = type === 'seat_admitted' ? { seatID: id(data, 'seat_id'), seesAll: text(data, 'history') === 'all' } : null
    const takenAway = type === 'content_redacted' ? list(data, 'contents') : type === 'ask_context_withdrawn' ? [id(data, 'item_id')] : []
    unless(takenAway.every(isID), 'contents has something that is no id')

    if (version > size() + 1) fail(size() + 1, 'it is missing')
    if (version !== size() + 1) fail(version, 'it stands in another place than its own')
    if (ofRoom !== header.roomID) fail(version, 'it is of another room')
    record.add(leafHash(canonical(fact)), version, leaf)
    if (!header.contents && words.length > 0) fail(version, 'it comes with words, and the file says that there are none')
    compareWords(words, committed, header.contents, version)
    for (const { contentID, body } of words) if (body === null) erased.add(contentID)
    takenAway.forEach(one => excused.add(one))

    // What a view's readers have of a fact: no request, and no place in the views of others.
    const { correlation, placement: _, ...seen } = fact
    const seenLeaf = isCommon || seats.length > 0 ? leafHash(canonical(seen)) : null
    if (isCommon) {
      common.add(seenLeaf)
      for (const view of views.values()) view.add(seenLeaf, version)
    } else for (const seat of seats) views.get(seat)?.add(seenLeaf, version)
    const origin = admitted && `${record.origin}/seats/${admitted.seatID}`
    if (!admitted || !signed.has(origin)) return
    const view = new Log(origin, signed, record, admitted.seesAll ? common : undefined, admitted.seesAll ? version : 0)
    views.set(admitted.seatID, view)
    if (admitted.seesAll) view.compare(version)
  }

  function end (counts) {
    const facts = whole(counts, 'facts')
    if (facts !== size()) fail(Math.min(size(), facts) + 1, 'the file has not as many facts as its end says')
    if (header.facts !== size()) fail(Math.min(size(), header.facts) + 1, 'the file has not as many facts as its beginning says')
    if (!signed.has(record.origin)) fail(null, 'nothing of its record was signed')
    for (const origin of signed.keys()) if (origin !== record.origin && !views.has(origin.slice(`${record.origin}/seats/`.length))) fail(null, `${origin} was signed, and nobody was admitted to that seat`)
    for (const log of [record, ...views.values()]) log.end()
    for (const one of erased) if (!excused.has(one)) fail(null, `content ${one} is gone, and no fact says why`)
    if (header.contents) for (const one of excused) if (!erased.has(one)) fail(null, `content ${one} was taken away by a fact, and is not said to be gone`)
    ended = true
  }
}

// --- The command.

function readArguments (words) {
  const asked = { files: [], keys: [], checkpoints: [], trustsFileKeys: false, allowsUnsigned: false, allowsPart: false }
  for (let i = 0; i < words.length; i++) {
    const list = words[i] === '--keys' ? asked.keys : words[i] === '--checkpoint' ? asked.checkpoints : null
    if (list && i + 1 === words.length) throw new Usage(`${words[i]} needs a file.\n${usage}`)
    if (list) list.push(words[++i])
    else if (words[i] === '--trust-file-keys') asked.trustsFileKeys = true
    else if (words[i] === '--allow-unsigned') asked.allowsUnsigned = true
    else if (words[i] === '--allow-part') asked.allowsPart = true
    else if (/^-./.test(words[i])) throw new Usage(`There is no option ${words[i]}.\n${usage}`)
    else asked.files.push(words[i])
  }
  if (asked.files.length !== 1) throw new Usage(`${asked.files.length === 0 ? 'No file is named' : 'One file is checked at a time'}.\n${usage}`)
  if (asked.trustsFileKeys && asked.keys.length > 0) throw new Usage(`--trust-file-keys and --keys exclude each other.\n${usage}`)
  return { ...asked, file: asked.files[0] }
}

const formatOf = line => { try { const first = parse(line); return isObject(first) && maybe(first, 'format') !== null ? text(first, 'format') : null } catch { return null } }
const blaming = (what, read) => { try { return read() } catch (wrong) { throw new Usage(`${what}: ${wrong.message}\n${usage}`) } }

const namedKeys = source => {
  try { return [readKey(source)] } catch { /* Then it is a file. */ }
  return blaming(`--keys ${source} is neither a key of Parle nor a file with keys`, () => list(parseAll(linesOf(readFileSync(source))), 'keys').map(readKey))
}

const heldNotes = file => blaming(`--checkpoint ${file} cannot be read`, () => {
  const content = readFileSync(file)
  const lines = linesOf(content)
  const notes = !lines[0]?.startsWith('{') ? [wholeText(content)]
    : formatOf(lines[0]) === 'parle-room/1' ? lines.map(parse).filter(line => maybe(line, 'checkpoint') !== null).map(line => text(line, 'checkpoint'))
      : [text(parseAll(lines), 'checkpoint')]
  unless(notes.length > 0 && notes.every(readNote), 'it holds no signed checkpoint')
  return notes
})

const documents = {
  __proto__: null,
  'parle-receipt/1': { read: readReceipt, check: checkReceipt, isOfLog: true },
  'parle-statement/1': { read: readHandedOn, check: checkHandedOn },
  'parle-evidence/1': { read: readEvidence, check: checkEvidence }
}

function run (words) {
  const asked = readArguments(words)
  const pinned = asked.keys.length > 0 ? ring(asked.keys.flatMap(namedKeys)) : null
  const held = asked.checkpoints.flatMap(heldNotes)
  let lines
  try { lines = linesOf(readFileSync(asked.file === '-' ? 0 : asked.file)) } catch (wrong) { throw new Usage(`${asked.file} cannot be read: ${wrong.message}`) }
  if (lines.length === 0) throw new Usage(`${asked.file} is empty.`)
  let check = () => checkExport(lines, pinned, held)
  if (formatOf(lines[0]) !== 'parle-room/1') {
    try {
      const found = parseAll(lines)
      const kind = maybe(found, 'format') === null ? null : documents[text(found, 'format')]
      if (!kind) throw new Usage(`${asked.file} is neither a receipt (parle-receipt/1, parle-statement/1), evidence (parle-evidence/1) nor an exported room (parle-room/1).`)
      const read = kind.read(found)
      if (held.length > 0 && !kind.isOfLog) throw new Usage(`--checkpoint is for receipts and exports: ${asked.file} is of no log to compare with.`)
      check = () => kind.check(read, pinned, held)
    } catch (wrong) { throw wrong instanceof Unreadable ? new Usage(`${asked.file} cannot be read as a receipt, as evidence or as an exported room: ${wrong.message}`) : wrong }
  }
  try {
    const { what, uncovered, partial, story } = check()
    if (uncovered && !asked.allowsUnsigned) fail(...uncovered)
    if (partial && !asked.allowsPart) fail(...partial)
    const isSure = pinned || asked.trustsFileKeys
    console.log(isSure ? `OK   ${asked.file}: ${what}` : `UNSURE ${asked.file}: ${what}, by keys that the file itself brings. Say --keys with those that the service publishes (/.well-known/parle-keys.json), or --trust-file-keys`)
    if (asked.trustsFileKeys) console.log('NOTE the keys are those that the file brings')
    for (const note of [uncovered, partial]) if (note) console.log(`NOTE ${note[1]}`)
    for (const line of story ?? []) console.log(`     ${line}`)
    return isSure ? 0 : 2
  } catch (wrong) {
    if (!(wrong instanceof Fault)) throw wrong
    console.log(`BAD  ${asked.file}: ${wrong.message}`)
    return 1
  }
}

try {
  process.exitCode = run(process.argv.slice(2))
} catch (wrong) {
  console.error(wrong instanceof Usage ? wrong.message : wrong.stack)
  process.exitCode = 2
}
