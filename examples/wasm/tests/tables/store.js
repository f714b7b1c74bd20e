// The plainest store that keeps its promises: lists and maps, for tests and to be copied from.

const streamKey = ({ organization, kind, resource = "" }) => `${organization} ${kind} ${resource}`;
const placeKey = ({ organization, resource, item }) => `${organization} ${resource ?? ""} ${item ?? ""}`;
const NOTHING = "00000000-0000-0000-0000-000000000000";
const orderOf = ({ organization, resource, item }) => organization + (resource ?? NOTHING) + (item ?? NOTHING);

export class MapStore {
  /** Of each stream: which, and its records. */
  #streams = new Map();
  /** Of each key: the places that it leads to. */
  #keys = new Map();
  /** Of each organization: what its operations have made. */
  #operations = new Map();
  /** Of each organization: how often its links were followed. */
  #uses = new Map();
  /** When each stream was appended to last, in order. */
  #moments = new Map();
  #now = 0;

  records(stream, after, limit) {
    return this.#recordsOf(stream).filter(({ version }) => version > after).slice(0, limit);
  }

  append({ stream, expected, records, operation, keys }) {
    const known = operation && this.#operations.get(stream.organization)?.get(operation);
    if (known) return { replayed: known };
    if (this.#version(stream) !== expected) return "conflict";
    const claimed = keys.filter(({ added, unique }) => added && unique).map((change) => this.#claimedBy(change, keys)).find(Boolean);
    if (claimed) return { claimed };
    keys.forEach((change) => this.#change(change));
    this.#streams.set(streamKey(stream), { stream, records: [...this.#recordsOf(stream), ...records] });
    if (operation) this.#of(this.#operations, stream.organization).set(operation, { from: expected + 1, to: expected + records.length });
    this.#touch(stream, false);
    return "applied";
  }

  operation(organization, operation) {
    return this.#operations.get(organization)?.get(operation) ?? null;
  }

  find(key, within, after, limit) {
    const found = [...(this.#keys.get(key)?.values() ?? [])].filter((place) => within === null || place.organization === within);
    const later = found.filter((place) => after === null || orderOf(place) > orderOf(after));
    return later.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)).slice(0, limit);
  }

  countUse(organization, link, uses, atMost) {
    const of = this.#of(this.#uses, organization);
    const before = of.get(link) ?? 0;
    if (before + uses <= atMost) of.set(link, before + uses);
    return before;
  }

  changes(after, limit) {
    if (after === null) return { changed: [], cursor: this.#now, is_all: true };
    const later = [...this.#moments.values()].filter(({ at }) => at > after);
    const some = later.slice(0, limit);
    const isAll = some.length === later.length;
    const changed = some.map(({ stream, erased }) => ({ stream, version: erased ? 0 : this.#version(stream) }));
    return { changed, cursor: isAll ? this.#now : some.at(-1).at, is_all: isAll };
  }

  organizations(after, limit) {
    return ids([...this.#streams.values()].map(({ stream }) => stream.organization), after, limit);
  }

  resources(organization, after, limit) {
    const sheets = [...this.#streams.values()].filter(({ stream }) => stream.organization === organization && stream.kind === "sheet");
    return ids(sheets.map(({ stream }) => stream.resource), after, limit);
  }

  replace(stream, records, beside) {
    if (beside !== null && this.#version(stream) !== beside.version) return false;
    const isFree = (change) => !(change.added && change.unique && this.#claimedBy(change, beside.keys));
    beside?.keys.filter(isFree).forEach((change) => this.#change(change));
    const made = new Map(records.map((record) => [record.version, record]));
    const kept = this.#recordsOf(stream).map((record) => made.get(record.version) ?? record);
    if (kept.length > 0) this.#streams.set(streamKey(stream), { stream, records: kept });
    this.#touch({ organization: stream.organization, kind: "organization" }, true);
    return true;
  }

  erase(organization) {
    const streams = [...this.#streams].filter(([, { stream }]) => stream.organization === organization);
    streams.forEach(([key]) => this.#streams.delete(key));
    for (const places of this.#keys.values())
      for (const [key, place] of places) if (place.organization === organization) places.delete(key);
    this.#operations.delete(organization);
    this.#uses.delete(organization);
    if (streams.length > 0) this.#touch({ organization, kind: "organization" }, true);
  }

  #recordsOf(stream) {
    return this.#streams.get(streamKey(stream))?.records ?? [];
  }

  #version(stream) {
    return this.#recordsOf(stream).at(-1)?.version ?? 0;
  }

  /** Into which other place a unique key leads, unless it is removed from there by the same append. */
  #claimedBy({ key, place }, keys) {
    const others = [...(this.#keys.get(key)?.values() ?? [])].filter((there) => placeKey(there) !== placeKey(place));
    const isFreed = (there) => keys.some((change) => !change.added && change.key === key && placeKey(change.place) === placeKey(there));
    return others.find((there) => !isFreed(there))?.organization;
  }

  #change({ key, place, added }) {
    const places = this.#of(this.#keys, key);
    if (added) places.set(placeKey(place), place);
    else places.delete(placeKey(place));
  }

  #touch(stream, erased) {
    const key = `${streamKey(stream)} ${erased}`;
    this.#moments.delete(key);
    this.#now += 1;
    this.#moments.set(key, { stream, erased, at: this.#now });
  }

  #of(map, key) {
    if (!map.has(key)) map.set(key, new Map());
    return map.get(key);
  }
}

const ids = (all, after, limit) => [...new Set(all)].filter((id) => after === null || id > after).sort().slice(0, limit);
