//! Ledgers by themselves.

use bailiwick_bridge::books::Books;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::value::{id, time};
use crate::{Answer, told};

/// A ledger, for whoever keeps its entries.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawBooks {
    books: Books,
}

#[wasm_bindgen]
impl RawBooks {
    /// An empty one.
    #[wasm_bindgen(constructor)]
    pub fn new(organization: &str, settings: &str) -> Answer<Self> {
        told(id(organization).and_then(|organization| Books::new(organization, settings))).map(|books| Self { books })
    }

    /// Judges an order and carries it out; a refusal is an answer.
    pub fn order(&mut self, order: &str, by: &str, now: f64) -> Answer<String> {
        let by = bailiwick_bridge::read(by);
        told(by.and_then(|by| self.books.order(order, by, time(now)?))).map(|answered| answered.text)
    }

    /// Takes in an entry.
    pub fn replay(&mut self, entry: &str) -> Answer<()> {
        told(self.books.replay(entry))
    }

    /// Asks it something.
    pub fn ask(&self, question: &str, now: f64) -> Answer<String> {
        told(time(now).and_then(|now| self.books.ask(question, now)))
    }
}
