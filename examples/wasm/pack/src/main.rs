//! Makes the bindings of a module: `pack MODULE.wasm FOLDER`.
//!
//! What `wasm-bindgen` does, by its library: a program of twenty lines is built with this package, where the tool would have to be installed beside it.

use std::path::PathBuf;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(module), Some(folder)) = (arguments.next(), arguments.next()) else {
        eprintln!("pack MODULE.wasm FOLDER");
        return ExitCode::from(2);
    };
    let mut bindings = Bindgen::new();
    bindings.input_path(module).out_name("raw").typescript(false).omit_default_module_path(true);
    let made = bindings.web(true).and_then(|bindings| bindings.generate(folder));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}
