/// <reference lib="esnext.disposable" />
/**
 * bailiwick for JavaScript: who may do what, where, and on whose account.
 *
 * Functions are spelled as JavaScript spells them. Data is spelled as the crate spells it (`snake_case`, and what is one of several things is
 * a table with one key: `{ invite: { … } }`), so that the crate's documentation, records that other processes have written, and this page say
 * the same.
 *
 * Everything throws a {@link BailiwickError}, but for a check that is denied: that is an answer.
 */

// ---------------------------------------------------------------------------------------------------------------------------------
// What is handed in

/** An id as text: a UUID, or its 32 hexadecimal digits. Comes back as a UUID in lower case. */
export type Uuid = string;

/** An id: a UUID, or a number above zero that fits 128 bits. Inside of commands and orders ids are texts; {@link uuid} makes one. */
export type Id = Uuid | bigint;

/** An instant: whole milliseconds since the Unix epoch, such as `Date.now()`. */
export type Time = number;

/** Credits, or units of a meter. A number where that is exact, and a bigint above `Number.MAX_SAFE_INTEGER`. */
export type Amount = number | bigint;

/** A length of time: a whole number and a unit, such as `90s`, `15m`, `12h`, `30d`. */
export type Span = string;

/** The SHA-256 of a secret: 32 bytes. Secrets themselves stay with the caller. */
export type SecretHash = Uint8Array | readonly number[];

/** A permission by its key, or by its position in the catalog. */
export type Permission = string | number;

/** One of several things: a table with exactly one key. */
export type OneOf<T> = { [K in keyof T]: { readonly [P in K]: T[K] } & { readonly [P in Exclude<keyof T, K>]?: never } }[keyof T];

/** Who asks or acts. */
export type Actor = OneOf<ActorKinds> | "provisioner" | "system";
export interface ActorKinds {
  /** A person who is signed in. */
  user: Id;
  /** Somebody of the platform's staff in the place of a user. */
  staff: { readonly staff: Id; readonly on_behalf_of: Id };
  /** A key or robot of an organization. */
  service: Id;
  /** Whoever presents a public link. */
  link: Id;
}

/** What is known of the moment. What is left out is not known, and counts against the actor. */
export interface Facts {
  /** Now. */
  readonly now: Time;
  /** When the actor last proved who they are. */
  readonly authenticated_at?: Time | null;
  /** Whether a second factor was shown. */
  readonly second_factor?: boolean;
  /** Through which identity provider of the catalog the actor is signed in. */
  readonly provider?: string | null;
  /** Features that are switched on besides those of the plan. */
  readonly features?: readonly string[];
  /** Other organizations that the actor is a member of. */
  readonly organizations?: readonly Id[];
}

/** Who gives a command, and what is known of the moment. */
export interface Context extends Facts {
  readonly actor: Actor;
  /** The id that the command is kept and recognized under, so that a repetition is answered as before. */
  readonly command?: Id | null;
}

/** What a question is about. Left out, it is the organization. */
export type Target = "organization" | OneOf<{
  /** One of its workspaces. */
  workspace: Id;
  /** One thing of the caller's, with the shares that are given with it. */
  resource: Resource;
  /** The same, with the shares that the store keeps as well. */
  kept_resource: Resource;
}>;

/** One thing of the caller's, with what the caller knows of it. */
export interface Resource {
  readonly id: Id;
  /** What it lies in, innermost first. */
  readonly containers?: readonly Id[];
  /** The workspace that it belongs to. */
  readonly workspace?: Id | null;
  /** Whose personal resource it is. */
  readonly owner?: Id | null;
  /** The shares on it and on its containers, where the caller keeps them. */
  readonly shares?: readonly Share[];
}

/** A resource or container opened to somebody, where the caller keeps that. */
export interface Share {
  /** What is opened. */
  readonly on: Id;
  readonly to: "members" | OneOf<{
    user: Id;
    /** A user for as long as they belong to the organization: since which version. */
    person: { readonly user: Id; readonly joined: number };
    group: string;
    team: Id;
    organization: Id;
    link: Id;
  }>;
  /** What it gives. */
  readonly level: readonly Permission[];
  readonly until?: Time | null;
}

/** May they? */
export interface Question extends Facts {
  readonly organization: Id;
  readonly actor: Actor;
  readonly permission: Permission;
  readonly target?: Target;
}

/** What may they? */
export interface AccessQuestion extends Facts {
  readonly organization: Id;
  readonly actor: Actor;
  readonly target?: Target;
}

/** A small number in the place of an id, from {@link Tenants.ref}; 0 stands for none. */
export type Ref = number;

// ---------------------------------------------------------------------------------------------------------------------------------
// Answers and errors

/** An answer of a check. Only `allowed` is to be branched on; the rest is for people, logs and support screens. */
export type Decision = Allowed | Denied | StepUp;
export interface Allowed { readonly allowed: true; readonly number: 0; readonly code: "allow"; readonly text: string }
export interface Denied {
  readonly allowed: false;
  readonly number: number;
  readonly code: DenyCode;
  readonly text: string;
  /** Of `needs_feature`: which feature, and the smallest plan that has it. */
  readonly feature?: string;
  readonly plan?: string | null;
}
/** Allowed as soon as something is shown. */
export interface StepUp {
  readonly allowed: false;
  readonly number: 102;
  readonly code: "step_up";
  readonly text: string;
  readonly provider: string | null;
  readonly second_factor: boolean;
  readonly authentication_within: Span | null;
}
export type DenyCode =
  | "not_found" | "organization_past_due" | "organization_suspended" | "organization_archived" | "person_suspended" | "access_ended"
  | "workspace_not_found" | "not_granted" | "replaced_by_override" | "taken_by_rule" | "removed_by_override" | "not_shared" | "private"
  | "share_beyond_role" | "restricted" | "needs_feature" | "not_for_staff" | "workspace_archived";

/** Why something was not done: a refusal of a command (100 to 299) or order (300 to 399), trouble with a store (400 to 499), or a call that cannot be (900 to 999). */
export class BailiwickError extends Error {
  readonly name: "BailiwickError";
  /** The stable number. */
  readonly number: number;
  /** The stable word. */
  readonly code: string;
  /** The words, facts included; the same as `message`. */
  readonly text: string;
  /** The facts by name, such as `{ limit: 4, used: 4 }`. */
  readonly facts: Readonly<Record<string, unknown>>;
  toJSON(): Failure;
}

/** The same as data, where it stands inside of something else. */
export interface Failure { readonly number: number; readonly code: string; readonly text: string; readonly facts: Readonly<Record<string, unknown>> }

/** Every number that there is, in order. */
export function codes(): readonly { readonly number: number; readonly code: string; readonly text: string }[];

/** The facts of the error `bad_catalog`. */
export interface CatalogMistakes { readonly mistakes: readonly Mistake[] }
export interface Mistake {
  /** A path of keys and positions such as `roles[2].extends`; empty for the whole. */
  readonly path: string;
  /** What kind of mistake, such as `unknown_name`; `syntax` where the text is neither TOML nor JSON. */
  readonly code: MistakeCode;
  readonly text: string;
  /** Where it stands in the text that was read: the nearest place that there is. */
  readonly place: Place | null;
}
export type MistakeCode =
  | "syntax" | "unknown_key" | "duplicate" | "missing" | "wrong_type" | "bad_value" | "unknown_name" | "cycle" | "too_many" | "wrong_scope"
  | "contradiction" | "more";
/** A stretch of a text. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as JavaScript counts. */
  readonly column: number;
  /** From 0, in UTF-16 units: `text.slice(offset, offset + length)`. */
  readonly offset: number;
  readonly length: number;
}

/** The UUID of a number, for ids inside of commands and orders. */
export function uuid(id: Id): Uuid;

// ---------------------------------------------------------------------------------------------------------------------------------
// Catalogs

/** What can be named: permissions, roles, groups, plans, policy. */
export class Catalog {
  private constructor();
  /** The names of the ready ones. */
  static presets(): string[];
  /** The TOML of a ready one. */
  static presetText(name: string): string;
  static preset(name: string): Catalog;
  /** Reads TOML or JSON. Throws `bad_catalog`, whose facts are {@link CatalogMistakes}. */
  static parse(text: string): Catalog;

  readonly name: string;
  /** The keys of the permissions, by position. */
  readonly permissions: readonly string[];
  /** The position of a permission; throws `unknown_name` with what was probably meant. */
  permission(key: string): number;
  /** The permissions of a role. */
  role(key: string): string[];
  /** Everything that it names. */
  describe(): CatalogDescription;
  /** What is legal and likely wrong. */
  lint(): Finding[];
  /** Its file form, as JSON. */
  toText(): string;
  /** Frees it. Tenants made from it go on. Whatever is not freed by hand is freed with the object. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface CatalogDescription {
  readonly name: string;
  /** By position. */
  readonly permissions: readonly PermissionInfo[];
  /** As they are written. */
  readonly roles: readonly RoleInfo[];
  readonly groups: readonly { readonly key: string; readonly title: string; readonly roles: readonly string[] }[];
  /** As they are written. */
  readonly plans: readonly PlanInfo[];
  readonly features: readonly { readonly key: string; readonly plans: readonly string[]; readonly permissions: readonly string[] }[];
  readonly providers: readonly string[];
  readonly meters: readonly string[];
  /** What guards each action: `null` where only the platform can do it. */
  readonly actions: readonly { readonly action: string; readonly permission: string | null }[];
  /** Every option by its name, as in the file form. */
  readonly policy: Readonly<Record<string, unknown>>;
  readonly matrix: Matrix;
}
export type Scope = "organization" | "workspace" | "resource";
export interface PermissionInfo {
  readonly position: number;
  readonly key: string;
  /** What people read: its title, or its key. */
  readonly title: string;
  readonly scope: Scope;
  /** How long ago the last authentication may have been. */
  readonly recent_authentication: Span | null;
  readonly second_factor: boolean;
  readonly active_only: boolean;
  readonly open_while_suspended: boolean;
  readonly feature: string | null;
  /** The actions that it guards. */
  readonly guards: readonly string[];
}
export interface RoleInfo {
  readonly key: string;
  readonly title: string;
  /** Higher outranks lower. */
  readonly rank: number;
  readonly owner: boolean;
  readonly holders: "at_least_one" | "exactly_one" | null;
  readonly extends: string | null;
  /** As written. */
  readonly declared: readonly string[];
  /** All that it holds, what it extends included. */
  readonly permissions: readonly string[];
  readonly reach: Reach;
  readonly sight: Sight;
  readonly reducible: boolean;
  readonly billable: boolean;
  readonly uses_credits: boolean;
  readonly assigned_by: readonly string[];
  readonly falls_back_to: string | null;
}
export type Reach = "all" | "assigned" | "none";
export type Sight = "all" | "shared";
export interface PlanInfo {
  readonly key: string;
  readonly title: string;
  readonly rank: number;
  readonly team_organizations: boolean;
  readonly new_organizations: boolean;
  readonly identity_provider: string | null;
  readonly features: readonly string[];
  readonly seats: "none" | `per_seat:${number}`;
  readonly limits: readonly { readonly key: string; readonly max: Amount; readonly per: "organization" | "workspace"; readonly enforcement: Enforcement }[];
  readonly credits: Readonly<Record<string, unknown>>;
  readonly storage: Readonly<Record<string, unknown>>;
  readonly retention: readonly { readonly kind: string; readonly keep?: Span }[];
}
export type Enforcement = "hard" | "soft" | `grace:${Span}`;

/** Who may do what, as people print it. */
export interface Matrix {
  readonly name: string;
  /** The titles of the roles, highest rank first. */
  readonly roles: readonly string[];
  /** Their keys, in the same order. */
  readonly role_keys: readonly string[];
  readonly sections: readonly {
    readonly scope: Scope;
    readonly title: string;
    readonly rows: readonly {
      readonly title: string;
      /** The permissions behind the row; none for a trait of roles. */
      readonly keys: readonly string[];
      /** One for each role. */
      readonly cells: readonly ("yes" | "no" | "partly")[];
    }[];
  }[];
}

/** Something that is legal and likely wrong. */
export interface Finding {
  readonly number: number;
  readonly code: string;
  /** What it is about, such as `role` and its key. */
  readonly place: { readonly kind: string; readonly key: string | null; readonly text: string };
  readonly says: string;
  readonly advice: string;
  /** All of it in one line. */
  readonly text: string;
}

// ---------------------------------------------------------------------------------------------------------------------------------
// Tenants

/** How much is kept in memory. */
export interface Keeping {
  /** Bytes that are kept, about. */
  readonly bytes_max?: number;
  /** Records that a load may replay before the store is given a snapshot. */
  readonly replayed_max?: number;
}

/** Every organization of a process, over a store. */
export class Tenants {
  private constructor();
  static inMemory(catalog: Catalog, keeping?: Keeping): Tenants;
  /** Over a store of the caller's, which answers at once. */
  static over(catalog: Catalog, store: Store, keeping?: Keeping): Tenants;
  /** What it was made from. */
  readonly catalog: Catalog;

  /** May they? */
  check(question: Question): Decision;
  /** Why, as data: every rule that was asked, every layer that gave or took, and what would turn the answer. */
  explain(question: Question): Explanation;
  /** The same as text. `names` are what people are called, by the UUIDs of users. */
  explainText(question: Question, names?: Readonly<Record<Uuid, string>>): string;
  /** What would turn the answer, as commands that are ready to be given: in the order in which {@link explain} says it in `turn`. */
  nearest(question: Question): NearestChange[];
  /** What may they? Resolved once, to be tested bit by bit. */
  access(question: AccessQuestion): Access;

  /** A small number for an id, the same for as long as the tenants live. */
  ref(id: Id): Ref;
  /** The same for somebody of the staff in the place of a user. */
  staffRef(staff: Id, onBehalfOf: Id): Ref;
  /**
   * A check by numbers alone: 0 for yes, 102 for a step up, 1 to 99 for no, and 400 and more where nothing was asked: no yes either.
   * `workspace` is 0 for the organization itself. Nothing else is known of the moment than the time.
   */
  checkRef(organization: Ref, actorKind: ActorKind, actor: Ref, permission: number, workspace: Ref, now: Time): number;
  /**
   * Many of them: {@link QUESTION_WIDTH} numbers for each (organization, kind, actor, permission, workspace), and one answer for each.
   * A question that cannot be asked gets the number of what is wrong with it, and the others are asked all the same.
   */
  checkEach(questions: Uint32Array, facts: Facts, answers?: Uint16Array): Uint16Array;

  /** Carries out a command. */
  command(organization: Id, command: Command, by: Context): Outcome;
  /** What a command would do, and who would gain and lose what; nothing changes. Throws what the command would throw. */
  preview(organization: Id, command: Command, by: Context): Preview;
  /** What the actor may do with something, for menus: commands ready to be given. */
  allowedActions(organization: Id, about: About, by: Context): Offer[];
  /** Removes a user whose account is deleted from everywhere. */
  eraseUser(user: Id, facts: Facts): Uuid[];

  /** How an organization stands; `null` for one that there is not. */
  view(organization: Id, now: Time): View | null;
  /** Everything that happened to it. */
  journal(organization: Id): EventRecord[];
  /** What is legal in it and likely wrong. */
  lint(organization: Id, now: Time): Finding[];
  /** What would be too much for a plan with so many seats. */
  excess(organization: Id, plan: string, seats: number, now: Time): { readonly what: string; readonly max: Amount; readonly used: Amount }[];
  /** Every organization of a user. */
  organizationsOf(user: Id, paging?: Paging): Page<Uuid>;
  /** The same with what a switcher shows. */
  belongings(user: Id, facts: Facts, paging?: Paging): Page<Belonging>;
  /** The workspaces that somebody has access to, and through what. */
  workspacesOf(organization: Id, actor: Actor, facts: Facts, paging?: Paging): Page<ReachedWorkspace>;
  /** The people who have a permission at a place, and through what. */
  peopleWith(organization: Id, permission: Permission, place: Spot, facts: Facts, paging?: Paging): Page<Reaching>;
  /** Everybody who can do anything, place by place, through what: `null` for an organization that there is not. */
  review(organization: Id, facts: Facts, breadth?: "everybody" | "exceptions"): Review | null;

  /** Carries out a command about the shares on a resource. */
  share(organization: Id, on: Resource, command: ShareCommand, by: Context): ShareRecord[];
  /** What such a command would do. */
  previewShare(organization: Id, on: Resource, command: ShareCommand, by: Context): SharePreview;
  /** What is shared on a resource. */
  sharesOn(organization: Id, resource: Id): KeptShare[];
  /** Everything that an organization has opened. */
  sharesOf(organization: Id): KeptShare[];
  /** Follows a public link by the hash of its secret. */
  followLink(secret: SecretHash, facts: Facts): { readonly organization: Uuid; readonly resource: Uuid; readonly link: Uuid };
  /** Claims what waits for an address. */
  claimShares(address: AddressProof, by: Context): { readonly organization: Uuid; readonly resource: Uuid; readonly share: Uuid }[];

  /** Carries out an order on the ledger behind an organization. Nobody is asked whether the actor may: this is the platform's door. */
  order(organization: Id, order: Order, by: Actor, now: Time): Receipt;
  /** Spends at once, in the place of an actor: who pays follows from the organization. */
  charge(organization: Id, issue: Issue, work: Work, charge: { readonly hold: Id; readonly amount: Amount }, by: Context): Receipt;
  /** Promises credits to work whose cost is known afterwards. */
  hold(organization: Id, issue: Issue, work: Work, hold: Promised, by: Context): Receipt;
  /** Who would pay for work of an actor; throws the refusal that a charge would get. */
  payer(organization: Id, work: Work, by: Context): Spender;
  /** Asks the ledger behind an organization something. */
  ask<Q extends LedgerQuestion>(organization: Id, question: Q, now: Time): LedgerAnswer<Q>;

  /**
   * Who would gain and lose what were these organizations moved to another catalog. `moves` is TOML that says what becomes of keys that are gone
   * (see the crate's `migrate`); without it keys keep their names. Throws `bad_catalog` where something is not said.
   */
  compare(catalog: Catalog, organizations: readonly Id[], facts: Facts, options?: { readonly moves?: string; readonly names?: Readonly<Record<Uuid, string>> }): Comparison;

  /** Takes in what other processes have appended until now, and says how many changes were news. */
  follow(): number;
  /** Sees to it that what is known of an organization is at least of a version, and says of which it is. */
  atLeast(organization: Id, version: number): number;

  free(): void;
  [Symbol.dispose](): void;
}

/** How many numbers a question of {@link Tenants.checkEach} has. */
export const QUESTION_WIDTH: 5;
/** The kinds of actors, for checks by numbers. */
export const ActorKind: { readonly USER: 1; readonly STAFF: 2; readonly SERVICE: 3; readonly LINK: 4; readonly PROVISIONER: 5; readonly SYSTEM: 6 };
export type ActorKind = 1 | 2 | 3 | 4 | 5 | 6;

/** What one actor may do at one target, as of the instant and the version that it was made at. Take one for each request. */
export class Access {
  private constructor();
  /** One bit test, without leaving JavaScript. No for whatever is no permission. */
  allows(permission: number): boolean;
  /** The answer with its reason. */
  check(permission: Permission): Decision;
  /** Everything that is allowed, by key. */
  allowed(): string[];
  /** The same narrowed to some permissions, for tokens and delegated keys: never a gain. */
  restrict(to: Iterable<Permission>): Access;
  /** The version of the organization that it speaks of; 0 to strangers. */
  readonly version: number;
  free(): void;
  [Symbol.dispose](): void;
}

export interface Explanation {
  readonly decision: Decision;
  readonly version: number;
  readonly actor: ActorOut;
  /** The key. */
  readonly permission: string;
  /** In words. */
  readonly target: string;
  /** The rules in their order, up to the one that answered. */
  readonly steps: readonly { readonly rule: number; readonly question: string; readonly verdict: "passed" | "answered"; readonly finding: string; readonly origin: Origin | null }[];
  /** What rule 7 found, from the farthest to the nearest. */
  readonly layers: readonly Layer[];
  /** What would turn the answer. */
  readonly turn: Turn | null;
}
export interface Layer {
  readonly kind: LayerKind;
  readonly effect: "gives" | "takes" | "nothing";
  /** A role, a group, a team … or words. */
  readonly what: string;
  /** Since when, and by whom. */
  readonly origin: Origin | null;
  /** Of which event. */
  readonly event: EventName | null;
  readonly until: Time | null;
}
export type LayerKind =
  | "organization_role" | "inherited_role" | "role_out_of_reach" | "override_role" | "group_rule" | "team_rule" | "row" | "ended" | "firm_role"
  | "sight" | "personal" | "share" | "role_bound" | "service" | "staff" | "other";
export interface Turn {
  readonly says: string;
  readonly steps: readonly { readonly what: string; readonly by: readonly Uuid[]; readonly more: boolean }[];
  readonly then: string | null;
}

/** A change that turns an answer, and from whom it would be accepted, once they are signed in as well as anybody asks; nobody: it is the platform's alone. */
export interface NearestChange {
  readonly change: OneOf<{ organization: Command; share: { readonly resource: Uuid; readonly command: ShareCommand } }>;
  readonly by: readonly Uuid[];
  readonly more: boolean;
}

/** An actor as it comes back. */
export type ActorOut =
  | OneOf<{ user: Uuid; staff: { readonly staff: Uuid; readonly on_behalf_of: Uuid }; service: Uuid; link: Uuid }> | "provisioner" | "system";
/** When something began, by whom, and which version it made. */
export interface Origin { readonly version: number; readonly at: Time; readonly by: ActorOut }

// ---------------------------------------------------------------------------------------------------------------------------------
// Commands and what comes of them

/** What changes at a workspace for one user: another role, permissions more or fewer, until when. */
export interface Override {
  readonly role?: string | null;
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
  readonly until?: Time | null;
}
export type Rows = readonly (readonly [workspace: Uuid, changes: Override])[];
/** Whose address it is: the caller has seen proof, or takes somebody's word. */
export type AddressProof = OneOf<{ verified: string; claimed: string }>;
export type Content = "stays" | { readonly transfer_to: Uuid };
export type Disposition = "delete" | "export" | { readonly transfer_to: Uuid };
export type Status = "active" | "past_due" | "suspended" | "archived";
export type Kind = "personal" | "team";
/** Whom a rule of a workspace is about. */
export type RuleFor = OneOf<{ group: string; team: Uuid }>;
type Empty = Readonly<Record<string, never>>;

/** Please do. */
export type Command = OneOf<Commands>;
export type CommandName = keyof Commands;
export interface Commands {
  sign_up: { readonly name: string; readonly workspace: Uuid };
  create_organization: { readonly name: string; readonly plan: string; readonly seats: number; readonly owned: number; readonly workspace: Uuid };
  rename: { readonly name: string };
  describe: { readonly description: string };
  set_preference: { readonly key: string; readonly value?: string | null };
  change_status: { readonly status: Status };
  delete_organization: { readonly disposition: Disposition; readonly owns_recipient?: boolean };
  restore_organization: Empty;
  change_plan: { readonly plan: string; readonly seats: number; readonly at?: Time | null };
  change_seats: { readonly seats: number; readonly period_end: Time };
  set_own_key: { readonly class: string; readonly on: boolean };
  require_provider: { readonly provider?: string | null };
  set_domain: { readonly domain: string; readonly roles?: readonly string[] };
  confirm_domain: { readonly domain: string };
  drop_domain: { readonly domain: string };
  join_by_domain: { readonly address: AddressProof };
  set_provisioning: { readonly roles?: readonly string[] | null };
  create_workspace: { readonly workspace: Uuid; readonly name: string };
  rename_workspace: { readonly workspace: Uuid; readonly name: string };
  archive_workspace: { readonly workspace: Uuid };
  reopen_workspace: { readonly workspace: Uuid };
  delete_workspace: { readonly workspace: Uuid };
  invite: Invite;
  invite_many: { readonly invitations: readonly Invite[] };
  edit_invitation: { readonly invitation: Uuid; readonly roles?: readonly string[]; readonly access?: Rows };
  resend: { readonly invitation: Uuid; readonly secret?: SecretHash | null };
  revoke: { readonly invitation: Uuid };
  accept: { readonly invitation: Uuid; readonly secret: SecretHash; readonly address: AddressProof };
  decline: { readonly invitation: Uuid; readonly secret: SecretHash; readonly address: AddressProof };
  add_member: { readonly user: Uuid; readonly roles: readonly string[]; readonly access?: Rows };
  add_collaborator: { readonly user: Uuid; readonly access: Rows };
  make_collaborator: { readonly user: Uuid };
  change_roles: { readonly user: Uuid; readonly roles: readonly string[] };
  suspend: { readonly user: Uuid };
  reactivate: { readonly user: Uuid };
  switch_credits: { readonly user: Uuid; readonly on?: boolean | null };
  remove: { readonly user: Uuid; readonly content?: Content | null };
  leave: { readonly content?: Content | null };
  erase_user: { readonly user: Uuid };
  transfer_ownership: { readonly to: Uuid; readonly from?: Uuid | null };
  accept_ownership: Empty;
  cancel_transfer: Empty;
  create_role: RoleSpec;
  change_role: RoleSpec;
  delete_role: { readonly role: string; readonly instead?: string | null };
  give_access: { readonly user: Uuid; readonly workspace: Uuid; readonly changes?: Override };
  take_access: { readonly user: Uuid; readonly workspace: Uuid };
  set_rule: { readonly workspace: Uuid; readonly holder: RuleFor; readonly given?: readonly string[]; readonly taken?: readonly string[]; readonly until?: Time | null };
  create_team: { readonly team: Uuid; readonly name: string };
  rename_team: { readonly team: Uuid; readonly name: string };
  dissolve_team: { readonly team: Uuid };
  join_team: { readonly team: Uuid; readonly user: Uuid };
  leave_team: { readonly team: Uuid; readonly user: Uuid };
  create_service: {
    readonly service: Uuid; readonly name: string; readonly permissions: readonly string[]; readonly workspaces?: readonly Uuid[];
    readonly until?: Time | null; readonly secret: SecretHash;
  };
  change_service: { readonly service: Uuid; readonly permissions: readonly string[]; readonly workspaces?: readonly Uuid[]; readonly until?: Time | null };
  rotate_secret: { readonly service: Uuid; readonly secret: SecretHash };
  end_service: { readonly service: Uuid };
  adopt_service: { readonly service: Uuid; readonly secret: SecretHash };
}
export interface Invite {
  readonly invitation: Uuid;
  readonly address: string;
  readonly roles?: readonly string[];
  readonly access?: Rows;
  readonly secret: SecretHash;
}
export interface RoleSpec {
  readonly role: string;
  readonly title: string;
  /** The role of the catalog whose traits it has. */
  readonly like: string;
  readonly reach: Reach;
  readonly permissions: readonly string[];
}

/** What came of a command. */
export interface Outcome {
  /** Of a sign-up: the organization that there was already, if there was one. */
  readonly organization: Uuid;
  readonly version: number;
  /** What happened. */
  readonly records: readonly EventRecord[];
  /** What there is to do about it. */
  readonly effects: readonly Effect[];
  /** Who was left out of a batch. */
  readonly left_out: readonly { readonly item: number; readonly why: Failure }[];
}

/** Something that happened, as it is kept. */
export interface EventRecord {
  readonly version: number;
  readonly at: Time;
  readonly by: ActorOut;
  readonly command?: Uuid;
  readonly event: Event;
}
export type Event = OneOf<Events> | "organization_restored" | "ownership_offer_ended";
export type EventName = keyof Events | "organization_restored" | "ownership_offer_ended";
export interface Events {
  organization_created: { readonly kind: Kind; readonly name: string; readonly plan: string; readonly seats: number; readonly owner: Uuid; readonly roles: readonly string[] };
  renamed: { readonly name: string };
  described: { readonly description: string };
  preference_set: { readonly key: string; readonly value: string | null };
  plan_changed: { readonly plan: string; readonly seats: number; readonly at: Time | null };
  seats_changed: { readonly seats: number; readonly at: Time | null };
  own_key_set: { readonly class: string; readonly on: boolean };
  organization_deleted: { readonly disposition: Disposition; readonly purge_at: Time };
  provider_required: { readonly provider: string | null };
  domain_set: { readonly domain: string; readonly roles: readonly string[] };
  domain_confirmed: { readonly domain: string };
  domain_dropped: { readonly domain: string };
  provisioning_set: { readonly roles: readonly string[] | null };
  workspace_created: { readonly workspace: Uuid; readonly name: string };
  workspace_renamed: { readonly workspace: Uuid; readonly name: string };
  workspace_archived: { readonly workspace: Uuid };
  workspace_reopened: { readonly workspace: Uuid };
  workspace_deleted: { readonly workspace: Uuid };
  invited: {
    readonly invitation: Uuid; readonly address: string; readonly roles: readonly string[]; readonly access: Rows; readonly secret: readonly number[];
    readonly until: Time; readonly uses: number;
  };
  invitation_edited: { readonly invitation: Uuid; readonly roles: readonly string[]; readonly access: Rows };
  invitation_resent: { readonly invitation: Uuid; readonly until: Time; readonly secret: readonly number[] | null };
  invitation_declined: { readonly invitation: Uuid; readonly user: Uuid };
  invitation_revoked: { readonly invitation: Uuid };
  invitation_accepted: { readonly invitation: Uuid; readonly user: Uuid };
  member_joined: { readonly user: Uuid; readonly roles: readonly string[]; readonly given_by: ActorOut };
  collaborator_joined: { readonly user: Uuid; readonly given_by: ActorOut };
  made_collaborator: { readonly user: Uuid; readonly keeps: readonly Uuid[] };
  roles_changed: { readonly user: Uuid; readonly roles: readonly string[] };
  access_given: { readonly user: Uuid; readonly workspace: Uuid; readonly changes: Override; readonly given_by: ActorOut };
  access_taken: { readonly user: Uuid; readonly workspace: Uuid };
  person_suspended: { readonly user: Uuid };
  person_reactivated: { readonly user: Uuid };
  credits_switched: { readonly user: Uuid; readonly on: boolean | null };
  person_removed: { readonly user: Uuid; readonly content: Content };
  user_erased: { readonly user: Uuid };
  ownership_offered: { readonly from: Uuid; readonly to: Uuid };
  ownership_transferred: { readonly from: Uuid; readonly from_roles: readonly string[]; readonly to: Uuid; readonly to_roles: readonly string[] };
  custom_role_set: RoleSpec;
  custom_role_deleted: { readonly role: string; readonly instead: string | null };
  team_created: { readonly team: Uuid; readonly name: string };
  team_renamed: { readonly team: Uuid; readonly name: string };
  team_dissolved: { readonly team: Uuid };
  team_joined: { readonly team: Uuid; readonly user: Uuid };
  team_left: { readonly team: Uuid; readonly user: Uuid };
  rule_set: { readonly workspace: Uuid; readonly holder: RuleFor; readonly given: readonly string[]; readonly taken: readonly string[]; readonly until: Time | null };
  service_created: {
    readonly service: Uuid; readonly name: string; readonly sponsor: Uuid; readonly permissions: readonly string[]; readonly workspaces: readonly Uuid[];
    readonly until: Time | null; readonly secret: readonly number[];
  };
  service_changed: { readonly service: Uuid; readonly permissions: readonly string[]; readonly workspaces: readonly Uuid[]; readonly until: Time | null };
  service_secret_rotated: { readonly service: Uuid; readonly secret: readonly number[] };
  service_orphaned: { readonly service: Uuid };
  service_adopted: { readonly service: Uuid; readonly sponsor: Uuid; readonly secret: readonly number[] };
  service_ended: { readonly service: Uuid };
  status_changed: { readonly status: Status };
}

/** Something for the application to do. */
export type Effect = "cancel_subscription" | "resume_subscription" | "cancel_purge" | "end_all_sessions" | OneOf<{
  send_invitation: { readonly invitation: Uuid; readonly address: string; readonly until: Time };
  end_sessions: { readonly user: Uuid };
  drop_shares: { readonly user: Uuid };
  drop_team_shares: { readonly team: Uuid };
  hand_over_content: { readonly from: Uuid; readonly to: Uuid };
  end_service: { readonly service: Uuid };
  offer_ownership: { readonly from: Uuid; readonly to: Uuid };
  verify_domain: { readonly domain: string };
  change_subscription: { readonly plan: string; readonly seats: number; readonly at: Time | null };
  dispose_of_organization: { readonly disposition: Disposition; readonly purge_at: Time };
  purge_content: { readonly kind: string; readonly due: Time };
  delete_workspace_content: { readonly workspace: Uuid };
}>;

/** What a command would do. */
export interface Preview {
  readonly records: readonly EventRecord[];
  readonly effects: readonly Effect[];
  readonly left_out: readonly { readonly item: number; readonly why: Failure }[];
  /** Who would gain and lose what, where and when. */
  readonly access: readonly AccessChange[];
  /** How much of what is shared with those who change was compared. */
  readonly shares: "nothing" | "part" | "all";
  readonly seats_before: SeatCount | null;
  readonly seats_after: SeatCount | null;
}
export interface SeatCount { readonly limit: number; readonly used: number; readonly charged: number }
export interface AccessChange {
  readonly who: ActorOut;
  readonly extent: Extent;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}
/** Where and when something holds. */
export interface Extent {
  readonly place: Spot;
  /** On everything there, on what is shared with one, on what is not, on one's own, on one resource. */
  readonly on: "everything" | "seen" | "unshared" | "own" | { readonly resource: Uuid };
  /** Workspaces in which it does not hold. */
  readonly except: readonly Uuid[];
  readonly from: Time | null;
  readonly until: Time | null;
}
/** The organization, or one of its workspaces. */
export type Spot = "organization" | { readonly workspace: Uuid };

/** What an offer is about. */
export type About = "organization" | OneOf<{ person: Id; workspace: Id; invitation: Id; team: Id; service: Id }>;
/** A command that would be accepted, as soon as `step_up` is shown, if that is there. Blanks (a name, a secret) are to be filled in. */
export interface Offer {
  readonly command: Command;
  readonly step_up: { readonly text: string; readonly provider: string | null; readonly second_factor: boolean; readonly authentication_within: Span | null } | null;
}

// ---------------------------------------------------------------------------------------------------------------------------------
// How an organization stands

export interface View {
  readonly snapshot: Snapshot;
  /** The plan now. */
  readonly plan: string | null;
  readonly bought: number | null;
  readonly seats: SeatCount | null;
  readonly members: number;
  readonly active_members: number;
  readonly collaborators: number;
  readonly owners: number;
  readonly open_invitations: number;
  readonly allowance: Allowance | null;
  readonly retention: readonly { readonly kind: string; readonly due: Time }[];
  /** Every invariant that does not hold: none, unless something else has written the records. */
  readonly broken: readonly string[];
}
/** The state, as the crate writes it. */
export interface Snapshot {
  readonly format: number;
  readonly organization: Uuid;
  readonly catalog: string;
  readonly version: number;
  readonly profile: {
    readonly kind: Kind;
    readonly name: string;
    readonly description?: string;
    readonly terms: { readonly plan: string; readonly seats: number };
    readonly next_terms?: readonly [{ readonly plan: string; readonly seats: number }, Time];
    readonly terms_from: Origin;
    readonly status: Status;
    readonly status_from: Origin;
    readonly archived_on?: string;
    readonly created: Origin;
    readonly creator: Uuid;
    readonly provider?: string;
    readonly provisioned_roles?: readonly string[];
    readonly own_keys?: readonly string[];
    readonly preferences?: Readonly<Record<string, string>>;
    readonly offer?: { readonly from: Uuid; readonly to: Uuid; readonly origin: Origin };
    readonly deletion?: { readonly disposition: Disposition; readonly purge_at: Time; readonly origin: Origin };
  } | null;
  readonly custom_roles: readonly ({
    readonly key: string; readonly title: string; readonly like: string; readonly reach: Reach; readonly permissions: readonly string[]; readonly origin: Origin;
  } | null)[];
  readonly people: readonly {
    readonly user: Uuid;
    readonly joined: Origin;
    /** None for a collaborator. */
    readonly roles?: readonly { readonly role: string; readonly origin?: Origin }[];
    readonly status: "active" | "suspended";
    readonly status_from?: Origin;
    readonly changed?: Origin;
    readonly credits?: boolean;
    readonly rows?: readonly { readonly workspace: Uuid; readonly changes: Override; readonly origin: Origin }[];
    readonly teams?: readonly { readonly team: Uuid; readonly origin: Origin }[];
  }[];
  readonly workspaces: readonly {
    readonly workspace: Uuid;
    readonly name: string;
    readonly created: Origin;
    readonly archived?: Origin;
    readonly rules?: readonly {
      readonly holder: RuleFor; readonly given: readonly string[]; readonly taken: readonly string[]; readonly until?: Time; readonly origin: Origin;
    }[];
  }[];
  readonly teams: readonly { readonly team: Uuid; readonly name: string; readonly created: Origin }[];
  readonly invitations: readonly {
    readonly invitation: Uuid;
    readonly address?: string;
    readonly roles: readonly string[];
    readonly access: Rows;
    readonly secret: readonly number[];
    readonly until: Time;
    readonly uses_left: number;
    /** As kept; one whose `until` is over is expired whatever stands here. */
    readonly state: "open" | "accepted" | "declined" | "revoked" | "superseded";
    readonly accepted_by?: readonly Uuid[];
    readonly issued: Origin;
  }[];
  readonly open: readonly Uuid[];
  readonly services: readonly {
    readonly service: Uuid;
    readonly name: string;
    readonly sponsor?: Uuid;
    readonly permissions: readonly string[];
    readonly workspaces: readonly Uuid[];
    readonly secret: readonly number[];
    readonly until?: Time;
    readonly origin: Origin;
  }[];
  readonly [more: string]: unknown;
}

/** A listing goes on after this. */
export interface Cursor { readonly version: number; readonly last: Uuid }
export interface Paging { readonly after?: Cursor | null; readonly limit?: number }
export interface Page<T> { readonly items: readonly T[]; readonly next: Cursor | null; readonly version: number }

export type Relation = "member" | "collaborator";
export interface Belonging {
  readonly organization: Uuid;
  readonly name: string;
  readonly kind: Kind;
  readonly status: Status;
  readonly relation: Relation;
  readonly roles: readonly string[];
  /** Why nothing can be done there, if nothing can. */
  readonly stopped: DenyCode | null;
}
/** Through what something is held. */
export interface Source {
  readonly through: "row" | "ended_row" | OneOf<{ role: string; row_role: string; group: string; team: Uuid }>;
  readonly gives: readonly string[];
  readonly takes: readonly string[];
  /** Overrides cannot reduce it. */
  readonly is_firm: boolean;
  readonly origin: Origin;
  readonly until: Time | null;
}
export interface Holding {
  /** What is given. */
  readonly granted: readonly string[];
  /** What of it can be used as things stand. */
  readonly usable: readonly string[];
  readonly sight: Sight;
  readonly sources: readonly Source[];
}
export interface Reaching { readonly user: Uuid; readonly relation: Relation; readonly sight: Sight; readonly through: readonly Source[] }
export interface ReachedWorkspace {
  readonly workspace: Uuid;
  readonly name: string;
  readonly is_archived: boolean;
  readonly relation: Relation;
  readonly holding: Holding;
}
/** The access review. */
export interface Review {
  readonly organization: Uuid;
  readonly name: string;
  readonly kind: Kind;
  readonly status: Status;
  /** Its title. */
  readonly plan: string;
  readonly version: number;
  readonly at: Time;
  readonly people: readonly {
    readonly user: Uuid;
    readonly relation: Relation;
    readonly status: "active" | "suspended";
    readonly is_ended: boolean;
    readonly roles: readonly string[];
    readonly teams: readonly Uuid[];
    readonly joined: Origin;
    readonly last_change: Origin;
  }[];
  readonly services: readonly {
    readonly service: Uuid; readonly name: string; readonly sponsor: Uuid | null; readonly permissions: readonly string[];
    readonly workspaces: readonly Uuid[]; readonly until: Time | null; readonly is_ended: boolean; readonly origin: Origin;
  }[];
  /** The organization itself first, then every workspace. */
  readonly places: readonly {
    readonly place: Spot;
    readonly name: string;
    readonly archived: Origin | null;
    /** Who has access here, and through what. */
    readonly rows: readonly { readonly who: ActorOut; readonly holding: Holding }[];
    /** How many more there are who have here what they have everywhere; 0 where everybody is listed. */
    readonly as_everywhere: number;
  }[];
  readonly invitations: readonly { readonly invitation: Uuid; readonly address: string | null; readonly roles: readonly string[]; readonly access: Rows; readonly until: Time; readonly issued: Origin }[];
  /** The whole as a page of Markdown. */
  readonly markdown: string;
}

// ---------------------------------------------------------------------------------------------------------------------------------
// Shares

export type ShareCommand = OneOf<ShareCommands>;
export interface ShareCommands {
  give_share: { readonly share: Uuid; readonly to: Recipient; readonly level: readonly string[]; readonly until?: Time | null };
  change_share: { readonly share: Uuid; readonly level: readonly string[]; readonly until?: Time | null };
  revoke_share: { readonly share: Uuid };
  follow_link: { readonly share: Uuid; readonly secret: SecretHash };
  claim_share: { readonly share: Uuid; readonly address: AddressProof };
  hand_over_shares: { readonly from: Uuid; readonly to: Uuid };
  clear_shares: Empty;
}
export type Recipient = "members" | OneOf<{
  user: Uuid;
  address: string;
  group: string;
  team: Uuid;
  organization: Uuid;
  link: { readonly link: Uuid; readonly secret: SecretHash; readonly uses?: number };
}>;
/** Something that happened to the shares on a resource. */
export interface ShareRecord {
  readonly version: number;
  readonly at: Time;
  readonly by: ActorOut;
  readonly command?: Uuid;
  readonly event: OneOf<{
    given: { readonly share: Uuid; readonly to: Recipient; readonly since?: number; readonly extent?: ShareExtent; readonly level: readonly string[]; readonly until?: Time };
    changed: { readonly share: Uuid; readonly since?: number; readonly extent?: ShareExtent; readonly level: readonly string[]; readonly until?: Time };
    revoked: { readonly share: Uuid };
    claimed: { readonly share: Uuid; readonly user: Uuid; readonly since?: number };
    handed_over: { readonly from: Uuid; readonly to: Uuid };
  }>;
}
export interface ShareExtent { readonly workspace?: Uuid; readonly owner?: Uuid; readonly word?: Uuid }
/** A share as it stands. */
export interface KeptShare {
  readonly resource: Uuid;
  readonly share: Uuid;
  readonly to: Recipient;
  readonly level: readonly string[];
  readonly until: Time | null;
  readonly by: ActorOut;
  readonly origin: Origin;
}
export interface SharePreview {
  readonly records: readonly ShareRecord[];
  readonly access: readonly AccessChange[];
  /** What changes for those whom the organization does not know: by address, or of another organization. */
  readonly outside: readonly { readonly share: Uuid; readonly was: KeptShare | null; readonly is: KeptShare | null }[];
}

// ---------------------------------------------------------------------------------------------------------------------------------
// What if

export interface Comparison {
  readonly rows: readonly (AccessChange & { readonly organization: Uuid })[];
  /** The same for people. */
  readonly markdown: string;
  /** What the other catalog gives beyond what there was. */
  readonly widenings: readonly { readonly text: string; readonly declared: boolean }[];
  /** What stands in the way of moving there. */
  readonly objections: readonly { readonly kind: "widens" | "gains" | "strands" | "other_catalog" | "other"; readonly text: string }[];
}

// ---------------------------------------------------------------------------------------------------------------------------------
// Accounts

/** The key of an order, and when it was made: keep both, and repeat an order with both as they were. It is carried out once. */
export interface Issue { readonly key: Id; readonly at: Time }
/** Work that costs something. */
export interface Work { readonly workspace?: Id | null; readonly project?: Id | null; readonly class?: string | null }
/** What is promised to work whose cost is known afterwards. */
export interface Promised { readonly hold: Id; readonly amount: Amount; readonly until: Time; readonly above?: Above; readonly timeout?: Timeout }
/** When it costs more than was held. */
export type Above = "refuse" | "cap" | "available" | { readonly overdraft: Amount };
/** When its time is over: give back what is left, or spend it. */
export type Timeout = "release" | "settle";

export interface Order { readonly key: Uuid; readonly issued: Time; readonly request: Request }
export type Request = OneOf<Requests>;
export interface UsageScope {
  readonly organization?: Uuid; readonly workspace?: Uuid; readonly project?: Uuid; readonly user?: Uuid; readonly service?: Uuid; readonly class?: string;
}
export interface Spender { readonly scope?: UsageScope; readonly pays?: "pool" | "own_key" | "nobody" }
export type CreditClass = "promotional" | "allocation" | "rollover" | "purchased" | "adjustment";
export type Over = "period" | "ever" | "in_flight";
export interface UsageSpot { readonly workspace?: Uuid; readonly project?: Uuid; readonly kind?: string }
export interface Grant {
  readonly class: CreditClass; readonly amount: Amount; readonly scope?: UsageScope; readonly priority?: number; readonly effective?: Time | null; readonly expires?: Time | null;
}
export interface Allowance {
  readonly renewal: "monthly" | "yearly" | "given" | `days:${number}`;
  readonly anchor: Time;
  readonly allocation: Amount;
  readonly rollover: "none" | `cap:${number}` | `percent:${number}`;
  readonly rollover_periods: number | null;
  readonly midway: "full" | "prorated" | "next";
  readonly alerts_percent: readonly number[];
  readonly meters: readonly { readonly meter: string; readonly per: "organization" | "workspace"; readonly max: Amount; readonly enforcement: Enforcement; readonly alerts_percent: readonly number[] }[];
}
export interface Requests {
  set_allowance: { readonly as_of: number; readonly allowance: Allowance; readonly next?: readonly [Allowance, Time] | null };
  begin_period: { readonly start: Time; readonly end: Time };
  set_pool: { readonly pool: Uuid | null };
  tick: Empty;
  grant: Grant;
  void: { readonly lot: number; readonly amount?: Amount | null };
  extend: { readonly lot: number; readonly expires: Time | null };
  receive: { readonly from: Uuid; readonly grants: readonly Grant[] };
  transfer: { readonly to: Uuid; readonly amount: Amount };
  charge: { readonly hold: Uuid; readonly spender: Spender; readonly amount: Amount };
  hold: { readonly hold: Uuid; readonly spender: Spender; readonly amount: Amount; readonly until: Time; readonly above?: Above; readonly timeout?: Timeout };
  grow: { readonly hold: Uuid; readonly amount: Amount; readonly until?: Time | null };
  capture: { readonly hold: Uuid; readonly amount: Amount };
  settle: { readonly hold: Uuid; readonly amount: Amount };
  release: { readonly hold: Uuid };
  refund: { readonly spend: Uuid; readonly amount?: Amount | null; readonly scope?: UsageScope | null };
  lease: { readonly hold: Uuid; readonly scope: UsageScope; readonly amount: Amount; readonly until: Time; readonly timeout?: Timeout };
  report: { readonly hold: Uuid; readonly spends: readonly (readonly [UsageScope, Amount])[] };
  set_limit: { readonly scope: UsageScope; readonly over: Over; readonly max: Amount };
  raise_limit: { readonly scope: UsageScope; readonly over: Over; readonly by: Amount; readonly periods: number };
  drop_limit: { readonly scope: UsageScope; readonly over: Over };
  set_alerts: { readonly credits_left: readonly Amount[] };
  add: { readonly meter: string; readonly spot: UsageSpot; readonly amount: Amount };
  remove: { readonly meter: string; readonly spot: UsageSpot; readonly amount: Amount };
  clear: { readonly meter: string; readonly spot: UsageSpot };
  reserve: { readonly hold: Uuid; readonly meter: string; readonly spot: UsageSpot; readonly amount: Amount; readonly until: Time };
  commit: { readonly hold: Uuid; readonly amount: Amount };
}

/** What came of an order. What did not come of it is left out. */
export interface Receipt {
  readonly draws?: readonly Draw[];
  readonly returned?: readonly Draw[];
  readonly lost?: readonly Draw[];
  readonly beyond?: readonly Draw[];
  readonly owed?: Amount;
  readonly repaid?: readonly Draw[];
  readonly forgone?: Amount;
  readonly units?: Amount;
  readonly allocated?: { readonly lot: number; readonly amount: Amount; readonly entitled: Amount; readonly carried: Amount };
  readonly adjusted?: Draw;
  readonly grants?: readonly Grant[];
  readonly over?: readonly { readonly meter: string; readonly workspace: Uuid | null; readonly max: Amount; readonly used: Amount; readonly until: Time | null }[];
  readonly alerts?: readonly Alert[];
}
export interface Draw { readonly lot: number; readonly amount: Amount }
export interface Alert {
  readonly watched: "credits" | OneOf<{ limit: { readonly scope: UsageScope; readonly over: Over }; meter: { readonly meter: string; readonly workspace: Uuid | null } }>;
  readonly threshold: OneOf<{ percent: number; left: Amount }>;
  readonly of: Amount;
  readonly now: Amount;
}

/** Something that a ledger can be asked. */
export type LedgerQuestion = keyof LedgerWords | OneOf<LedgerTables>;
export interface LedgerWords {
  balance: Balance;
  /** In the order in which they are used up. */
  lots: readonly Lot[];
  expiries: readonly { readonly at: Time; readonly amount: Amount }[];
  limits: readonly Limit[];
  open_holds: number;
  state: { readonly version: number; readonly pool: Uuid | null };
  /** What does not balance: nothing. */
  audit: readonly string[];
}
export interface LedgerTables {
  spendable: UsageScope;
  used: UsageScope;
  limit: { readonly scope: UsageScope; readonly over: Over };
  hold: Uuid;
  refundable: Uuid;
  meter: { readonly meter: string; readonly workspace?: Uuid | null };
  stored: { readonly meter: string; readonly spot?: UsageSpot };
  /** What would be too much under an allowance. */
  excess: Allowance;
  /** What is counted of the kinds whose time to be deleted has come; the dates are those of the view. */
  due: { readonly meter: string; readonly retention: readonly { readonly kind: string; readonly due: Time }[] };
}
export interface LedgerTableAnswers {
  spendable: { readonly amount: Amount; readonly because: Failure };
  used: { readonly charged: Amount; readonly uncharged: Amount };
  limit: Limit | null;
  hold: { readonly left: Amount; readonly until: Time } | null;
  refundable: Amount | null;
  meter: { readonly used: Amount; readonly reserved: Amount; readonly max: Amount | null; readonly grace_ends: Time | null };
  stored: Amount;
  excess: readonly { readonly meter: string; readonly workspace: Uuid | null; readonly max: Amount; readonly used: Amount; readonly until: Time | null }[];
  due: readonly { readonly spot: UsageSpot; readonly units: Amount; readonly due: Time }[];
}
export type LedgerAnswer<Q> = Q extends keyof LedgerWords ? LedgerWords[Q]
  : Q extends object ? LedgerTableAnswers[keyof Q & keyof LedgerTableAnswers] : never;
export interface Columns {
  /** The sum of the five below. */
  readonly granted: Amount;
  readonly available: Amount;
  readonly held: Amount;
  readonly spent: Amount;
  readonly expired: Amount;
  readonly voided: Amount;
}
export interface Balance extends Columns {
  readonly spendable: Amount;
  readonly pending: Amount;
  readonly owed: Amount;
  readonly allocation: Amount;
  readonly bank: Amount;
  readonly entitled: Amount;
  readonly period: { readonly start: Time; readonly end: Time | null } | null;
}
export interface Lot {
  readonly lot: number;
  readonly class: CreditClass;
  readonly scope: UsageScope;
  readonly priority: number;
  readonly effective: Time;
  readonly expires: Time | null;
  readonly columns: Columns;
  readonly voided: boolean;
}
export interface Limit { readonly scope: UsageScope; readonly over: Over; readonly max: Amount; readonly spent: Amount; readonly held: Amount; readonly left: Amount }

/** How a ledger counts. */
export interface Settings {
  readonly burn?: readonly ("scope" | "priority" | "expiry" | "class" | "age")[];
  readonly transfers?: boolean;
  /** How old an order may be. */
  readonly window?: Span;
  readonly keys_max?: number;
  readonly refundable_max?: number;
}

/** A ledger by itself, for whoever keeps its entries. */
export class Books {
  constructor(organization: Id, settings?: Settings);
  /** Judges an order and carries it out. A refusal is an answer; what stands under `entry` is to be kept. */
  order(order: Order, by: Actor, now: Time): Verdict;
  /** Takes in an entry that was kept, the next one. */
  replay(entry: Entry): void;
  ask<Q extends LedgerQuestion>(question: Q, now: Time): LedgerAnswer<Q>;
  free(): void;
  [Symbol.dispose](): void;
}
export type Verdict =
  | { readonly verdict: "new" | "known"; readonly entry: Entry; readonly receipt: Receipt }
  | { readonly verdict: "new" | "known"; readonly entry: Entry; readonly why: Failure }
  | { readonly verdict: "refused"; readonly entry: null; readonly why: Failure };
/** An order with its answer, as it is kept. */
export interface Entry {
  readonly version: number;
  readonly at: Time;
  readonly by: ActorOut;
  readonly elapsed?: readonly { readonly at: Time; readonly what: unknown }[];
  readonly order: Order;
  readonly answer: { readonly Ok: Receipt } | { readonly Err: unknown };
}

// ---------------------------------------------------------------------------------------------------------------------------------
// Stores

/**
 * A store of the caller's. Every function answers at once: with what it is asked for, or by throwing. What it throws says what became of it
 * through a property `store`: `"retry"` (not done, may succeed if tried again), `"unknown"` (only when it writes: done or not), `"fatal"` (not done,
 * and will not be); anything else that is thrown is `"unknown"` when it writes, else `"fatal"`. It must not call the tenants that call it: that is `reentered`.
 *
 * Records and keys are texts, to be given back as they were. Where a limit is given it answers with so many at most, and with fewer only where
 * there are no more. What it says is looked at before it is believed.
 *
 * What all of it together keeps: an append is there as a whole or not at all, and only at the version that it expects; it is read back, without a
 * gap and in order; a unique key leads to one place; an operation is carried out once.
 */
export interface Store {
  /** The records of a stream after a version, in order. None of a stream that there is not. */
  records(stream: Stream, after: number, limit: number): readonly KeptRecord[];
  /**
   * Appends, and says what became of it. What holds first is the answer: the operation was carried out before in this organization (`replayed`),
   * the stream is at another version (`conflict`), a unique key that is added leads somewhere else and is not removed from there by the same append
   * (`claimed`). Keys that are removed are removed first; one that leads somewhere else stays.
   */
  append(append: Append): "applied" | "conflict" | { readonly replayed: { readonly from: number; readonly to: number } } | { readonly claimed: Uuid };
  /** Which versions an operation has made of an organization; `null` where there was none. */
  operation(organization: Uuid, operation: Uuid): { readonly from: number; readonly to: number } | null;
  /** Where a key leads, in one organization or in all, in the order of places, beginning after one. */
  find(key: string, within: Uuid | null, after: KeyPlace | null, limit: number): readonly KeyPlace[];
  /** Counts so many more uses of a link, unless there would be more than `atMost`, and says how many there were before. */
  countUse(organization: Uuid, link: Uuid, uses: number, atMost: number): number;
  /** What was appended and erased since a cursor, and the cursor to go on from. Where `after` is `null` only where the store is now. */
  changes(after: number | null, limit: number): { readonly changed: readonly Change[]; readonly cursor: number; readonly is_all: boolean };
  /** Every organization, in the order of ids, beginning after one. */
  organizations(after: Uuid | null, limit: number): readonly Uuid[];
  /** The resources of an organization that have a sheet of shares, in the same way. */
  resources(organization: Uuid, after: Uuid | null, limit: number): readonly Uuid[];
  /**
   * Puts records in the place of those that have their versions, and changes keys with them (a unique one that leads somewhere else is not taken from
   * there): all or nothing. False, and nothing is done, where the stream is not at the version that `beside` names. Whoever asks for changes hears of
   * it as of an erasure, also where no record was replaced.
   */
  replace(stream: Stream, records: readonly KeptRecord[], beside: { readonly version: number; readonly keys: readonly KeyChange[] } | null): boolean;
  /** Removes everything of an organization, its keys too, for ever. */
  erase(organization: Uuid): void;
}
/** One history of an organization, with versions of its own that begin at 1. */
export type Stream = { readonly organization: Uuid; readonly kind: "organization" | "ledger" } | { readonly organization: Uuid; readonly kind: "sheet"; readonly resource: Uuid };
/** `at` is of no importance when it comes back. */
export interface KeptRecord { readonly version: number; readonly at: Time; readonly text: string }
export interface Append {
  readonly stream: Stream;
  /** The version that the stream has to be at. */
  readonly expected: number;
  /** At least one, in order. */
  readonly records: readonly KeptRecord[];
  /** The operation that they carry out. */
  readonly operation: Uuid | null;
  /** Those that are removed first. */
  readonly keys: readonly KeyChange[];
}
export interface KeyChange { readonly key: string; readonly place: KeyPlace; readonly added: boolean; readonly unique: boolean }
/** Ordered by organization, resource and item; what is `null` comes first. */
export interface KeyPlace { readonly organization: Uuid; readonly resource: Uuid | null; readonly item: Uuid | null }
/** The version that a stream has now, or a later one; 0 when the organization was erased. */
export interface Change { readonly stream: Stream; readonly version: number }
