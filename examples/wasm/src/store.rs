//! A store in JavaScript: what it is asked crosses as JSON, and so does what it says.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use bailiwick::{CommandId, LinkId, OrgId, ResourceId, Version};
use bailiwick_bridge::store::{Answer, Append, Beside, Calls, Kept, News, Place, Stream, Trouble, Versions};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Calls a store of the caller's: the object of this package around it.
    #[derive(Debug)]
    pub type Caller;

    /// Asks it something by name; what is asked, and the answer, are JSON.
    #[wasm_bindgen(method, catch)]
    fn call(this: &Caller, what: &str, asked: &str) -> Result<String, JsValue>;
}

thread_local! {
    /// Every store that is in use. Stores move between threads as far as the crate knows, and objects of JavaScript do not; a number does.
    static CALLERS: RefCell<(u32, HashMap<u32, Rc<Caller>>)> = RefCell::default();
}

/// The number of a store in JavaScript.
#[derive(Debug)]
pub(crate) struct JsStore(u32);

/// What it says: `{"ok":…}` or `{"trouble":{"retry":"…"}}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said<T> {
    Ok(T),
    Trouble(Trouble),
}

impl JsStore {
    pub(crate) fn keep(caller: Caller) -> Self {
        CALLERS.with_borrow_mut(|(last, callers)| {
            *last = last.wrapping_add(1);
            callers.insert(*last, Rc::new(caller));
            Self(*last)
        })
    }

    fn ask<T: DeserializeOwned>(&self, what: &str, asked: &impl Serialize) -> Result<T, Trouble> {
        // Taken out, so that nothing is borrowed while it runs.
        let caller = CALLERS.with_borrow(|(_, callers)| callers.get(&self.0).cloned());
        let caller = caller.ok_or_else(|| Trouble::Fatal("the store is gone".into()))?;
        let asked = serde_json::to_string(asked).map_err(|why| Trouble::Fatal(why.to_string()))?;
        let said = caller.call(what, &asked).map_err(|_| Trouble::Unreadable(format!("`{what}` did not return")))?;
        match serde_json::from_str(&said) {
            Ok(Said::Ok(answer)) => Ok(answer),
            Ok(Said::Trouble(trouble)) => Err(trouble),
            Err(why) => Err(Trouble::Unreadable(format!("`{what}` answered with what cannot be read: {why}"))),
        }
    }
}

impl Drop for JsStore {
    fn drop(&mut self) {
        CALLERS.with_borrow_mut(|(_, callers)| _ = callers.remove(&self.0));
    }
}

impl Calls for JsStore {
    fn records(&self, stream: &Stream, after: Version, limit: usize) -> Result<Vec<Kept>, Trouble> {
        self.ask("records", &(stream, after, limit))
    }

    fn append(&self, append: &Append) -> Result<Answer, Trouble> {
        self.ask("append", &(append,))
    }

    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Versions>, Trouble> {
        self.ask("operation", &(organization, operation))
    }

    fn find(
        &self,
        key: &str,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, Trouble> {
        self.ask("find", &(key, within, after, limit))
    }

    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, Trouble> {
        self.ask("countUse", &(organization, link, uses, at_most))
    }

    fn changes(&self, after: Option<u64>, limit: usize) -> Result<News, Trouble> {
        self.ask("changes", &(after, limit))
    }

    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, Trouble> {
        self.ask("organizations", &(after, limit))
    }

    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, Trouble> {
        self.ask("resources", &(organization, after, limit))
    }

    fn replace(&self, stream: &Stream, records: &[Kept], beside: Option<&Beside>) -> Result<bool, Trouble> {
        self.ask("replace", &(stream, records, beside))
    }

    fn erase(&self, organization: OrgId) -> Result<(), Trouble> {
        self.ask("erase", &(organization,))
    }
}
