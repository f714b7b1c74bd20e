//! Catalogs.

use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick_bridge::{catalog as bridge, describe, lint, question};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Answer, told};

/// A catalog, shared with whoever is made from it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RawCatalog {
    catalog: Arc<Catalog>,
}

impl RawCatalog {
    pub(crate) fn over(catalog: Arc<Catalog>) -> Self {
        Self { catalog }
    }

    pub(crate) const fn shared(&self) -> &Arc<Catalog> {
        &self.catalog
    }
}

#[wasm_bindgen]
impl RawCatalog {
    /// The names of the presets.
    pub fn presets() -> Vec<String> {
        bridge::PRESETS.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    /// The text of a preset.
    pub fn preset_text(name: &str) -> Answer<String> {
        told(bridge::preset_text(name)).map(str::to_owned)
    }

    /// Reads TOML or JSON.
    pub fn parse(text: &str) -> Answer<Self> {
        told(bridge::parse(text, char::len_utf16)).map(|catalog| Self::over(Arc::new(catalog)))
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.catalog.name().to_owned()
    }

    /// The keys of the permissions by position.
    pub fn permissions(&self) -> Vec<String> {
        self.catalog.permissions().map(|(_, def)| def.key.clone()).collect()
    }

    /// The position of a permission.
    pub fn permission(&self, key: &str) -> Answer<u32> {
        told(bridge::permission(&self.catalog, key)).map(u32::from)
    }

    /// The permissions of a role, as bits.
    pub fn role(&self, key: &str) -> Answer<Vec<u32>> {
        told(bridge::role(&self.catalog, key)).map(halves)
    }

    /// The permissions of a list of keys and positions, as bits.
    pub fn set_of(&self, list: &str) -> Answer<Vec<u32>> {
        told(question::permissions(&self.catalog, list)).map(|set| halves(set.words()))
    }

    /// Everything that it names.
    pub fn describe(&self) -> Answer<String> {
        told(describe::catalog(&self.catalog))
    }

    /// What is legal and likely wrong.
    pub fn lint(&self) -> Answer<String> {
        told(lint::catalog(&self.catalog))
    }

    /// Its file form.
    pub fn text(&self) -> Answer<String> {
        told(bridge::write(&self.catalog))
    }
}

/// Bits in the numbers that JavaScript tests them in.
pub(crate) fn halves(words: [u64; 4]) -> Vec<u32> {
    const LOWER: u64 = u32::MAX as u64;
    let half = |bits: u64| u32::try_from(bits & LOWER).unwrap_or_default();
    words.into_iter().flat_map(|word| [half(word), half(word >> 32)]).collect()
}
