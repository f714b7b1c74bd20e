//! The door for C, called as a program in C calls it: the bytes are a script of calls with handles, ids, actors and texts, right and wrong ones.
//! Whatever comes: no panic, also none that is caught at the boundary; every answer has a name; what failed can be asked for; and a check, an
//! access and an explanation of one moment say the same.
#![no_main]

use std::ptr::null;

use arbitrary::Unstructured;
use bailiwick_c as _; // its symbols are what is called
use libfuzzer_sys::fuzz_target;

type Code = u32;
type Handle = u64;

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Id([u8; 16]);

#[repr(C)]
#[derive(Clone, Copy)]
struct Str(*const u8, usize);

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Set([u64; 4]);

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Actor {
    kind: u32,
    id: Id,
    on_behalf_of: Id,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Facts {
    now: u64,
    authenticated_at: u64,
    second_factor: u8,
    provider: u16,
    features: Set,
    organizations: *const Id,
    organization_count: usize,
}

#[repr(C)]
struct Context {
    actor: Actor,
    facts: Facts,
    command: Id,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Share {
    on: Id,
    kind: u32,
    to: Id,
    group: u16,
    level: Set,
    until: u64,
    joined: u64,
}

#[repr(C)]
struct Resource {
    id: Id,
    containers: *const Id,
    container_count: usize,
    workspace: Id,
    owner: Id,
    shares: *const Share,
    share_count: usize,
}

#[repr(C)]
struct Target {
    kind: u32,
    workspace: Id,
    resource: *const Resource,
}

#[repr(C)]
struct Issue {
    key: Id,
    at: u64,
}

#[repr(C)]
struct Keeping {
    bytes_max: u64,
    age_max_ms: u64,
    replayed_max: u64,
}

unsafe extern "C" {
    fn bw_catalog_preset(name: Str, catalog: *mut Handle) -> Code;
    fn bw_catalog_from_json(json: Str, catalog: *mut Handle) -> Code;
    fn bw_catalog_json(catalog: Handle, json: *mut Handle) -> Code;
    fn bw_permission_of(catalog: Handle, key: Str, permission: *mut u16) -> Code;
    fn bw_permission_key(catalog: Handle, permission: u16, key: *mut Handle) -> Code;
    fn bw_role_permissions(catalog: Handle, role: Str, permissions: *mut Set) -> Code;
    fn bw_tenants_in_memory(catalog: Handle, keeping: *const Keeping, tenants: *mut Handle) -> Code;
    fn bw_tenants_share(tenants: Handle, another: *mut Handle) -> Code;
    fn bw_follow(tenants: Handle, news: *mut usize) -> Code;
    fn bw_at_least(tenants: Handle, organization: *const Id, version: u64, known: *mut u64) -> Code;
    fn bw_command(
        tenants: Handle,
        organization: *const Id,
        context: *const Context,
        json: Str,
        made: *mut Id,
        version: *mut u64,
        outcome: *mut Handle,
    ) -> Code;
    fn bw_erase_user(tenants: Handle, user: *const Id, facts: *const Facts, organizations: *mut Handle) -> Code;
    fn bw_organization_json(tenants: Handle, organization: *const Id, now: u64, json: *mut Handle) -> Code;
    fn bw_organizations_of(
        tenants: Handle,
        user: *const Id,
        after: *const Id,
        organizations: *mut Id,
        room: usize,
        count: *mut usize,
    ) -> Code;
    fn bw_check(
        tenants: Handle,
        organization: *const Id,
        actor: *const Actor,
        permission: u16,
        target: *const Target,
        facts: *const Facts,
    ) -> Code;
    fn bw_access(
        tenants: Handle,
        organization: *const Id,
        actor: *const Actor,
        target: *const Target,
        facts: *const Facts,
        access: *mut Handle,
    ) -> Code;
    fn bw_access_restrict(access: Handle, to: *const Set, narrowed: *mut Handle) -> Code;
    fn bw_access_check(access: Handle, permission: u16) -> Code;
    fn bw_access_allowed(access: Handle, allowed: *mut Set) -> Code;
    fn bw_allows(access: Handle, permission: u16) -> bool;
    fn bw_explain(
        tenants: Handle,
        organization: *const Id,
        actor: *const Actor,
        permission: u16,
        target: *const Target,
        facts: *const Facts,
        form: u32,
        why: *mut Handle,
    ) -> Code;
    fn bw_share_command(
        tenants: Handle,
        organization: *const Id,
        on: *const Resource,
        context: *const Context,
        json: Str,
        records: *mut Handle,
    ) -> Code;
    fn bw_claim_shares(tenants: Handle, address: Str, context: *const Context, shares: *mut Handle) -> Code;
    fn bw_order(
        tenants: Handle,
        organization: *const Id,
        issue: *const Issue,
        actor: *const Actor,
        now: u64,
        request: Str,
        receipt: *mut Handle,
    ) -> Code;
    fn bw_ask_ledger(tenants: Handle, organization: *const Id, now: u64, question: Str, answer: *mut Handle) -> Code;
    fn bw_ledger_new(organization: *const Id, settings: Str, ledger: *mut Handle) -> Code;
    fn bw_ledger_order(ledger: Handle, actor: *const Actor, now: u64, order: Str, verdict: *mut Handle) -> Code;
    fn bw_ledger_replay(ledger: Handle, entry: Str) -> Code;
    fn bw_ledger_ask(ledger: Handle, now: u64, question: Str, answer: *mut Handle) -> Code;
    fn bw_free(handle: Handle) -> Code;
    fn bw_failure(failure: *mut Handle) -> Code;
    fn bw_code_name(code: Code) -> *const u8;
    fn bw_text_data(text: Handle) -> *const u8;
    fn bw_text_length(text: Handle) -> usize;
}

const NOW: u64 = 1_795_000_000_000;
const STEPS: usize = 48;
const PANICKED: &str = "panicked";

/// What is sent as it is or with some bytes changed.
const TEXTS: &[&str] = &[
    r#"{"create_organization":{"name":"Acme","plan":"team","seats":5,"owned":0,"workspace":"00000000-0000-0000-0000-000000000001"}}"#,
    r#"{"sign_up":{"name":"Ada","workspace":"00000000-0000-0000-0000-000000000007"}}"#,
    r#"{"add_member":{"user":"00000000-0000-0000-0000-000000000002","roles":["developer"]}}"#,
    r#"{"change_roles":{"user":"00000000-0000-0000-0000-000000000002","roles":["viewer"]}}"#,
    r#"{"remove":{"user":"00000000-0000-0000-0000-000000000002"}}"#,
    r#"{"rename":{"name":"Other"}}"#,
    r#"{"give_share":{"share":"00000000-0000-0000-0000-000000000001","to":{"user":"00000000-0000-0000-0000-000000000002"},"level":["operation.run"]}}"#,
    r#"{"revoke_share":{"share":"00000000-0000-0000-0000-000000000001"}}"#,
    r#"{"verified":"ada@example.com"}"#,
    r#"{"set_allowance":{"as_of":1,"allowance":{"renewal":"given","anchor":0,"allocation":1,"rollover":"none","rollover_periods":null,"midway":"full","alerts_percent":[],"meters":[]}}}"#,
    r#"{"name":"x","permissions":[{"key":"note.read","scope":"workspace"}],"roles":[{"key":"owner","permissions":["note.read"]}]}"#,
    r#"{"burn":["luck"]}"#,
    r#""balance""#,
    "{}",
    "cloud",
    "operation.run",
    "owner",
    include_str!("../seeds/stored/command-invite"),
    include_str!("../seeds/stored/command-accept"),
    include_str!("../seeds/stored/command-give_access"),
    include_str!("../seeds/stored/share-link"),
    include_str!("../seeds/stored/share-members"),
    r#"{"grant":{"class":"promotional","amount":29,"scope":{},"priority":2,"effective":null,"expires":null}}"#,
    r#"{"charge":{"hold":"00000000-0000-0000-0000-000000000001","spender":{"scope":{},"pays":"pool"},"amount":1}}"#,
    include_str!("../seeds/stored/order-grant"),
    include_str!("../seeds/stored/order-charge"),
    include_str!("../seeds/stored/order-hold"),
    include_str!("../seeds/stored/entries-00"),
];

fuzz_target!(|bytes: &[u8]| {
    let mut caller = Caller { script: Unstructured::new(bytes), handles: Vec::new() };
    caller.begins();
    for _ in 0..STEPS {
        if caller.script.is_empty() {
            break;
        }
        caller.calls();
    }
    caller.ends();
});

struct Caller<'a> {
    script: Unstructured<'a>,
    /// Everything that was handed out, given back or not.
    handles: Vec<Handle>,
}

impl Caller<'_> {
    /// A catalog and tenants, as everybody begins.
    fn begins(&mut self) {
        let name = "cloud";
        let catalog = self.made(|place| unsafe { bw_catalog_preset(Str(name.as_ptr(), name.len()), place) });
        self.made(|place| unsafe { bw_tenants_in_memory(catalog, null(), place) });
    }

    fn calls(&mut self) {
        let (handle, organization, permission) = (self.handle(), self.id(), self.small() as u16);
        let (actor, facts, text) = (self.actor(), self.facts(), self.text());
        let str = Str(text.as_ptr(), text.len());
        let context = Context { actor, facts, command: self.id() };
        let shares = [Share {
            on: self.id(),
            kind: self.small() as u32,
            to: self.id(),
            group: self.small() as u16,
            level: self.set(),
            until: self.number(),
            joined: self.number(),
        }];
        let containers = [self.id()];
        let resource = Resource {
            id: self.id(),
            containers: containers.as_ptr(),
            container_count: (self.small() % 2) as usize,
            workspace: self.id(),
            owner: self.id(),
            shares: shares.as_ptr(),
            share_count: (self.small() % 2) as usize,
        };
        let target = Target { kind: (self.small() % 6) as u32, workspace: self.id(), resource: &raw const resource };
        let (organization, actor, facts, context, target, resource) = (
            &raw const organization,
            &raw const actor,
            &raw const facts,
            &raw const context,
            &raw const target,
            &raw const resource,
        );
        let issue = Issue { key: self.id(), at: NOW };
        let issue = &raw const issue;
        let (user, set, number) = (self.id(), self.set(), self.number());
        let keeping = Keeping { bytes_max: self.number(), age_max_ms: 0, replayed_max: self.number() };
        match self.small() % 32 {
            0..8 => {
                _ = self.made(|place| unsafe {
                    let (mut made, mut version) = (Id::default(), 0);
                    bw_command(handle, organization, context, str, &raw mut made, &raw mut version, place)
                })
            }
            8 => _ = self.made(|place| unsafe { bw_catalog_from_json(str, place) }),
            9 => _ = self.made(|place| unsafe { bw_catalog_json(handle, place) }),
            10 => known(unsafe { bw_permission_of(handle, str, &mut 0) }),
            11 => _ = self.made(|place| unsafe { bw_permission_key(handle, permission, place) }),
            12 => known(unsafe { bw_role_permissions(handle, str, &mut Set::default()) }),
            13 => _ = self.made(|place| unsafe { bw_tenants_in_memory(handle, &raw const keeping, place) }),
            14 => _ = self.made(|place| unsafe { bw_tenants_share(handle, place) }),
            15 => known(unsafe { bw_follow(handle, &mut 0) }),
            16 => known(unsafe { bw_at_least(handle, organization, number, &mut 0) }),
            17 => _ = self.made(|place| unsafe { bw_erase_user(handle, &raw const user, facts, place) }),
            18 => _ = self.made(|place| unsafe { bw_organization_json(handle, organization, number, place) }),
            19 => {
                let (mut found, mut count) = ([Id::default(); 3], 0);
                let room = (number % 4) as usize;
                let code = unsafe {
                    bw_organizations_of(handle, &raw const user, null(), found.as_mut_ptr(), room, &raw mut count)
                };
                known(code);
                assert!(
                    if code == 0 { count <= room && room > 0 } else { count == 0 },
                    "{count} where there is room for {room}"
                );
            }
            20..23 => self.asks(handle, organization, (actor, permission), target, facts),
            23 => {
                let narrowed = self.made(|place| unsafe { bw_access_restrict(handle, &raw const set, place) });
                let is_in =
                    set.0.get(usize::from(permission >> 6)).is_some_and(|word| word >> (permission & 63) & 1 == 1);
                assert!(!unsafe { bw_allows(narrowed, permission) } || is_in, "restricting has given something");
            }
            24 => {
                _ = self.made(|place| unsafe { bw_share_command(handle, organization, resource, context, str, place) })
            }
            25 => _ = self.made(|place| unsafe { bw_claim_shares(handle, str, context, place) }),
            26 => _ = self.made(|place| unsafe { bw_order(handle, organization, issue, actor, number, str, place) }),
            27 => _ = self.made(|place| unsafe { bw_ask_ledger(handle, organization, number, str, place) }),
            28 => _ = self.made(|place| unsafe { bw_ledger_new(organization, str, place) }),
            29 => _ = self.made(|place| unsafe { bw_ledger_order(handle, actor, number, str, place) }),
            30 => {
                known(unsafe { bw_ledger_replay(handle, str) });
                self.made(|place| unsafe { bw_ledger_ask(handle, number, str, place) });
            }
            _ => {
                let code = unsafe { bw_free(handle) };
                known(code);
                assert_ne!(unsafe { bw_free(handle) }, 0, "given back twice");
            }
        }
    }

    /// One question, asked in three ways.
    fn asks(
        &mut self,
        tenants: Handle,
        organization: *const Id,
        (actor, permission): (*const Actor, u16),
        target: *const Target,
        facts: *const Facts,
    ) {
        let code = unsafe { bw_check(tenants, organization, actor, permission, target, facts) };
        known(code);
        let access = self.made(|place| unsafe { bw_access(tenants, organization, actor, target, facts, place) });
        if access != 0 {
            assert_eq!(unsafe { bw_access_check(access, permission) }, code, "an access says something else");
            assert_eq!(unsafe { bw_allows(access, permission) }, code == 0);
            known(unsafe { bw_access_allowed(access, &mut Set::default()) });
        }
        for form in [0, 1, 7] {
            self.made(|place| unsafe {
                bw_explain(tenants, organization, actor, permission, target, facts, form, place)
            });
        }
    }

    /// Gives everything back, once.
    fn ends(&mut self) {
        for handle in std::mem::take(&mut self.handles) {
            unsafe { bw_free(handle) };
        }
    }

    /// What a call has made; zero for nothing.
    fn made(&mut self, call: impl FnOnce(*mut Handle) -> Code) -> Handle {
        let mut handle = 0;
        let code = call(&raw mut handle);
        known(code);
        if handle != 0 {
            self.handles.push(handle);
            read(handle);
        }
        handle
    }

    fn small(&mut self) -> u64 {
        self.script.arbitrary::<u8>().unwrap_or_default().into()
    }

    /// A time, an amount, a version: about now, small, or anything.
    fn number(&mut self) -> u64 {
        match self.small() % 4 {
            0 => NOW,
            1 => NOW + self.small() * 3_600_000,
            2 => self.small(),
            _ => self.script.arbitrary().unwrap_or_default(),
        }
    }

    /// One that was handed out, or hardly ever another one.
    fn handle(&mut self) -> Handle {
        match self.small() {
            0 => 0,
            1 => self.script.arbitrary().unwrap_or_default(),
            n => self.handles.get((n as usize - 2) % self.handles.len().max(1)).copied().unwrap_or_default(),
        }
    }

    fn id(&mut self) -> Id {
        match self.small() {
            255 => Id(self.script.arbitrary().unwrap_or_default()),
            n => Id(u128::from(n % 4).to_be_bytes()),
        }
    }

    fn actor(&mut self) -> Actor {
        let kind = match self.small() {
            n @ 0..10 => n as u32,
            _ => 1,
        };
        Actor { kind, id: self.id(), on_behalf_of: self.id() }
    }

    fn set(&mut self) -> Set {
        Set(self.script.arbitrary().unwrap_or_default())
    }

    fn facts(&mut self) -> Facts {
        let provider = if self.small() < 250 { 0 } else { self.small() as u16 };
        Facts {
            now: self.number(),
            authenticated_at: self.number(),
            second_factor: (self.small() % 3) as u8,
            provider,
            features: Set::default(),
            organizations: null(),
            organization_count: 0,
        }
    }

    fn text(&mut self) -> Vec<u8> {
        let n = self.small() as usize;
        if n > 250 {
            let length = self.small() as usize;
            return self.script.bytes(length.min(self.script.len())).unwrap_or_default().to_vec();
        }
        let text = TEXTS[n % TEXTS.len()];
        let begins = text.find(['{', '"']).unwrap_or_default(); // those of the seeds begin with the letter of their door
        let mut text = text.as_bytes()[begins..].to_vec();
        for _ in 0..(self.small() % 4).saturating_sub(2) {
            let (at, byte) = (self.small() as usize % text.len().max(1), self.small() as u8);
            text[at] = byte;
        }
        text
    }
}

/// Every answer has a name, none of them is that of a panic, and what has failed is there to be read.
fn known(code: Code) {
    let name = unsafe { bw_code_name(code) };
    assert!(!name.is_null(), "{code} has no name");
    let name = unsafe { std::ffi::CStr::from_ptr(name.cast()) };
    assert_ne!(name.to_str(), Ok(PANICKED));
    if code != 0 {
        let mut failure = 0;
        if unsafe { bw_failure(&raw mut failure) } == 0 {
            read(failure);
            assert_eq!(unsafe { bw_free(failure) }, 0);
        }
    }
}

/// A text can be read whole, and is one.
fn read(text: Handle) {
    let (data, length) = unsafe { (bw_text_data(text), bw_text_length(text)) };
    if data.is_null() {
        return; // something else
    }
    let bytes = unsafe { std::slice::from_raw_parts(data, length + 1) };
    assert_eq!(bytes.last(), Some(&0));
    assert!(std::str::from_utf8(&bytes[..length]).is_ok());
}
