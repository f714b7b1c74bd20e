//! The door for catalogs. Whatever bytes come: no panic; what is refused says where; what is accepted reads back equal
//! in both formats, is accepted again, and renders.
#![no_main]

use bailiwick::catalog::Catalog;
use bailiwick::document::Document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    for document in [toml::from_str::<Document>(text).ok(), serde_json::from_str::<Document>(text).ok()] {
        if let Some(document) = document {
            read(&document);
        }
    }
});

fn read(document: &Document) {
    match Catalog::from_document(document) {
        Err(mistakes) => {
            assert!(mistakes.iter().count() > 0, "refused without a mistake");
            assert!(mistakes.iter().all(|mistake| !mistake.message.is_empty()));
        }
        Ok(catalog) => {
            let json = serde_json::to_string(&catalog).expect("an accepted catalog can be written");
            assert_eq!(serde_json::from_str::<Catalog>(&json).expect("and read back"), catalog);
            let form: toml::Value = toml::Value::try_from(&catalog).expect("as TOML too");
            let toml = toml::to_string(&form).expect("as a text");
            assert_eq!(toml::from_str::<Catalog>(&toml).expect("and read back"), catalog);
            assert_eq!(catalog.to_builder().build().expect("it validates again"), catalog);
            let matrix = catalog.matrix();
            assert!(matrix.to_markdown().lines().count() >= 2);
            assert!(matrix.to_svg().ends_with("</svg>\n"));
            for (role, _) in catalog.roles() {
                assert!(catalog.permissions_of(role).iter().all(|p| catalog.permission_def(p).is_some()));
            }
        }
    }
}
