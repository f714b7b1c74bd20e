//! WHY IS IT SO? Design, semantics, units.
