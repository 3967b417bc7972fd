#!/bin/bash
# What the scripts of this package share.

# The program, from the archive, with the packages that it pins.
install_program() {
    ynh_setup_source --dest_dir="$install_dir" --full_replace --keep="plainchant.env"
    pushd "$install_dir" || ynh_die "no $install_dir"
    ynh_hide_warnings make --no-print-directory install
    UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never ynh_hide_warnings .venv/bin/uv sync \
        --quiet --frozen --inexact --no-dev --extra postgres --extra backup --extra sentry --extra oidc
    popd || true
    chown -R root:root "$install_dir"
}

# A command of the portal, as its user and with its settings.
plainchant() (
    set -a
    # shellcheck disable=SC1091
    . "$install_dir/plainchant.env"
    set +a
    cd "$data_dir" || exit 1
    ynh_exec_as_app "$install_dir/.venv/bin/plainchant" "$@"
)
