#!/usr/bin/env node
// Checks a receipt or an exported room of Parle without Parle: node samples/verify.mjs FILE [KEYS.json]
// Node 18 or later, no packages. Exit code 0: it holds. 1: it does not, and what is wrong first. 2: it cannot be told.
// What it rests on: RFC 8785 (canonical JSON), RFC 6962 (hash trees), C2SP signed-note and tlog-checkpoint (signatures).
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const leafHash = text => sha256(Buffer.from([0]), text)
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right)
const base64 = text => Buffer.from(text, 'base64')

// RFC 8785: members by the code units of their names; JSON.stringify writes strings and numbers as it asks.
const canonical = value => Array.isArray(value) ? `[${value.map(canonical).join(',')}]`
  : value !== null && typeof value === 'object' ? `{${Object.keys(value).sort().map(name => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
    : JSON.stringify(value)

class Fault extends Error {}
const fail = (fact, what) => { throw new Fault(fact ? `fact ${fact}: ${what}` : what) }

// A public key: name+id+base64(1, 32 bytes of Ed25519).
function readKey (entry) {
  const text = typeof entry === 'string' ? entry : entry.key
  const [name, , ...rest] = text.split('+')
  const key = base64(rest.join('+'))
  if (key.length !== 33 || key[0] !== 1) throw new Error(`'${text}' is no key of Parle`)
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)])
  return {
    name, id: sha256(`${name}\n`, key).subarray(0, 4), key: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    from: entry.valid_from ? Date.parse(entry.valid_from) : -Infinity, until: entry.valid_until ? Date.parse(entry.valid_until) : Infinity
  }
}

// Keys that trusted ones endorse are trusted too, each from when it was endorsed for.
const signedBy = (note, text, key) => note.slice(text.length + 1).split('\n').some(line => line.startsWith(`\u2014 ${key.name} `) &&
  base64(line.split(' ')[2]).subarray(0, 4).equals(key.id) && verify(null, Buffer.from(text), key.key, base64(line.split(' ')[2]).subarray(4)))

function trust (pinned, others) {
  for (const entry of others.filter(other => typeof other === 'object' && other.endorsement)) {
    const key = readKey(entry)
    const text = `parle key\n${entry.key}\nvalid from ${entry.valid_from.replace(/\.\d+|\+00:00$/g, '').replace(/Z?$/, 'Z')}\n`
    if (!pinned.some(one => one.id.equals(key.id)) && pinned.some(one => signedBy(entry.endorsement, text, one) && key.from <= one.until)) pinned.push(key)
  }
  return pinned
}

// JSON that can be read in two ways is not read: a member that stands twice shows as a colon too many.
function parse (text) {
  const value = JSON.parse(text)
  const members = part => part === null || typeof part !== 'object' ? 0
    : Array.isArray(part) ? part.reduce((sum, item) => sum + members(item), 0) : Object.values(part).reduce((sum, item) => sum + 1 + members(item), 0)
  if (text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1 !== members(value)) throw new Error('a member stands twice')
  return value
}

// A signed note, and the checkpoint in it: origin, size, root, time.
function readCheckpoint (note, keys) {
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const lines = text.split('\n')
  const signed = note.slice(end + 2).split('\n').filter(line => line.startsWith('\u2014 ')).map(line => line.slice(2).split(' '))
  const key = keys.find(one => signed.some(([name, signature]) => name === one.name && base64(signature).subarray(0, 4).equals(one.id) &&
    verify(null, Buffer.from(text), one.key, base64(signature).subarray(4))))
  if (end < 0 || lines.length !== 5 || !/^\d+$/.test(lines[1]) || !lines[3].startsWith('time ')) fail(null, 'a checkpoint does not count: it is no signed checkpoint')
  if (!key) fail(null, 'a checkpoint does not count: no trusted key signed it')
  if (!lines[0].startsWith(`${key.name}/rooms/`)) fail(null, `a checkpoint does not count: ${key.name} cannot sign for ${lines[0]}`)
  const at = Date.parse(lines[3].slice(5))
  if (at < key.from || at > key.until) fail(null, `a checkpoint does not count: its key was not valid at ${lines[3].slice(5)}`)
  return { origin: lines[0], size: Number(lines[1]), root: base64(lines[2]), at: lines[3].slice(5) }
}

// RFC 9162 section 2.1.3.2.
function includes (size, root, index, leaf, proof) {
  if (index < 0 || index >= size) return false
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
    Object.assign(this, { origin, record, signed: signed.get(origin) ?? new Map(), frontier: new Frontier(begin), unsure: version + 1 })
  }

  add (leaf, version, indexed) {
    this.frontier.add(leaf)
    if (indexed && !indexed.equals(leaf)) this.doubted ??= version
    this.compare(version)
  }

  compare (version) {
    const checkpoint = this.signed.get(this.frontier.size)
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
    const longest = [...this.signed.keys()].reduce((most, size) => Math.max(most, size), 0)
    if (longest > this.frontier.size) fail(this.doubted ?? this.frontier.size + 1, this.doubted ? 'it is not what was recorded' : `it is missing, and all after it up to ${longest}`)
  }
}

const commits = (value, salt, body) => {
  const [digest, bytes] = [sha256(base64(salt), body).toString('hex'), Buffer.byteLength(body)]
  const holds = part => part !== null && typeof part === 'object' && ((part.sha256 === digest && part.bytes === bytes) || Object.values(part).some(holds))
  return holds(value)
}

function checkReceipt (receipt, keys) {
  const { fact, position } = receipt
  const checkpoint = readCheckpoint(receipt.checkpoint, keys)
  if (!Number.isSafeInteger(position)) throw new Error('its position is no whole number')
  const path = checkpoint.origin.split('/')
  if (path[1] !== 'rooms' || path[2] !== fact.room_id || (receipt.log === 'record' ? path.length !== 3 : receipt.log !== 'view' || path.length !== 5 || path[3] !== 'seats')) {
    fail(position, `the checkpoint is of another log, ${checkpoint.origin}`)
  }
  if (!includes(checkpoint.size, checkpoint.root, position - 1, leafHash(canonical(fact)), receipt.inclusion_proof.map(base64))) fail(position, 'it is not what was signed')
  for (const content of receipt.contents ?? []) if (!commits(fact.data, content.salt, content.body)) fail(position, `content ${content.content_id} is not what the fact commits to`)
  return `${fact.type} ${fact.event_id} is fact ${position} of ${checkpoint.origin}, signed at ${checkpoint.at}`
}

function checkExport (lines, trusted) {
  const [header, rest] = [parse(lines[0]), lines.slice(1)]
  const keys = trusted ? trust(trusted, header.keys) : header.keys.map(readKey)
  const [signed, views, erased, excused, common] = [new Map(), new Map(), new Set(), new Set(), new Frontier()]
  const record = new Log(`${header.name}/rooms/${header.room_id}`, signed)
  let ended = false
  for (const text of rest) {
    const line = read(text)
    if (ended) fail(null, 'something stands behind the end')
    if (['checkpoint', 'fact', 'end'].filter(kind => kind in line).length !== 1) fail(null, 'a line is nothing that an export holds')
    if ('checkpoint' in line) {
      if (record.frontier.size > 0) fail(null, 'a checkpoint stands behind facts')
      const checkpoint = readCheckpoint(line.checkpoint ?? '', keys)
      if (checkpoint.origin !== record.origin && !checkpoint.origin.startsWith(`${record.origin}/seats/`)) fail(null, `a checkpoint is of another room, ${checkpoint.origin}`)
      const log = signed.get(checkpoint.origin) ?? signed.set(checkpoint.origin, new Map()).get(checkpoint.origin)
      if (log.has(checkpoint.size) && !log.get(checkpoint.size).root.equals(checkpoint.root)) fail(null, `the record was forked: two different records of ${checkpoint.size} facts were signed for ${checkpoint.origin}`)
      log.set(checkpoint.size, checkpoint)
    } else if (line.fact) addFact(line)
    else if (line.end) {
      if (line.end.facts !== record.frontier.size) fail(Math.min(record.frontier.size, line.end.facts) + 1, 'the file has not as many facts as its end says')
      if (!signed.has(record.origin)) fail(null, 'nothing of its record was signed')
      for (const origin of signed.keys()) if (origin !== record.origin && !views.has(origin.split('/')[4])) fail(null, `${origin} was signed, and nobody was admitted to that seat`)
      for (const log of [record, ...views.values()]) log.end()
      for (const id of erased) if (!excused.has(id)) fail(null, `content ${id} is gone, and no fact says why`)
      ended = true
    }
  }
  if (!ended) fail(record.frontier.size + 1, 'the file is cut')
  if ((record.covered ?? 0) < record.frontier.size) console.log(`NOTE facts ${(record.covered ?? 0) + 1} to ${record.frontier.size} are newer than any checkpoint of the record`)
  return `room ${header.room_id}, ${record.frontier.size} facts`

  function read (text) {
    try { return parse(text) } catch (wrong) { return fail(record.frontier.size + 1, `a line cannot be read: ${wrong.message}`) }
  }

  function addFact ({ version, fact, leaf, contents }) {
    record.signed = signed.get(record.origin) ?? record.signed
    if (version > record.frontier.size + 1) fail(record.frontier.size + 1, 'it is missing')
    if (version !== record.frontier.size + 1) fail(version, 'it stands in another place than its own')
    if (fact.room_id !== header.room_id) fail(version, 'it is of another room')
    record.add(leafHash(canonical(fact)), version, leaf && base64(leaf))
    for (const content of contents ?? []) {
      if (content.body === null) erased.add(content.content_id)
      else if (!commits(fact.data, content.salt, content.body)) fail(version, `content ${content.content_id} is not what it commits to`)
    }
    if (fact.type === 'content_redacted') fact.data.contents.forEach(id => excused.add(id))
    if (fact.type === 'ask_context_withdrawn') excused.add(fact.data.item_id)

    // What a view's readers have of a fact: no request, and no place in the views of others.
    const { correlation, placement, ...seen } = fact
    const seenLeaf = placement && leafHash(canonical(seen))
    if (placement?.common) {
      common.add(seenLeaf)
      for (const view of views.values()) view.add(seenLeaf, version)
    } else for (const place of placement?.private ?? []) views.get(place.seat_id)?.add(seenLeaf, version)
    if (fact.type === 'seat_admitted') {
      const origin = `${record.origin}/seats/${fact.data.seat_id}`
      if (!signed.has(origin)) return
      const view = new Log(origin, signed, record, fact.data.history === 'all' ? common : undefined, fact.data.history === 'all' ? version : 0)
      views.set(fact.data.seat_id, view)
      view.compare(version)
    }
  }
}

const [file, keyFile] = process.argv.slice(2)
try {
  if (!file) throw new Error('usage: node samples/verify.mjs FILE [KEYS.json]')
  const text = readFileSync(file, 'utf8')
  const trusted = keyFile && JSON.parse(readFileSync(keyFile, 'utf8')).keys.map(readKey)
  const first = text.slice(0, text.indexOf('\n') + 1 || undefined)
  const isExport = first.includes('"parle-room/1"')
  const found = isExport ? checkExport(text.split('\n').filter(Boolean), trusted)
    : (receipt => checkReceipt(receipt, trusted ?? receipt.keys.map(readKey)))(parse(text))
  console.log(`OK   ${file}: ${found}`)
} catch (wrong) {
  console.log(wrong instanceof Fault ? `BAD  ${file}: ${wrong.message}` : `${file} cannot be verified: ${wrong.message}`)
  process.exitCode = wrong instanceof Fault ? 1 : 2
}
