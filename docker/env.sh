#!/bin/sh
# Makes the secrets of compose.yaml: `sh docker/env.sh` writes .env, which only its owner reads.
# What stands there stays as it is, since running parts and their databases agree with it; a newer
# version's run adds what is missing.
set -eu
umask 077
file=${1:-.env}
new=$file.new

# Letters and digits only: they stand in URLs and on command lines.
secret() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
# Fernet wants exactly 32 bytes in the URL's base64.
fernet() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }

add() { grep -q "^$1=" "$new" || echo "$1=$2" >>"$new"; }

if [ -e "$file" ]; then
    cat "$file" >"$new"
else
    {
        echo "# The secrets of this installation. Keep a copy where you keep passwords:"
        echo "# a restored database needs the same ones."
    } >"$new"
fi
for name in POSTGRES STORE OPERATOR ANALYST AIRFLOW_DATABASE AIRFLOW_ADMIN MAIL; do
    add "${name}_PASSWORD" "$(secret 16)"
done
add AIRFLOW_JWT_SECRET "$(secret 40)"
add AIRFLOW_SECRET_KEY "$(secret 32)"
add AIRFLOW_FERNET_KEY "$(fernet)"
add SPARK_SECRET "$(secret 32)"
add OBJECTS_KEY "$(secret 10)"
add OBJECTS_SECRET "$(secret 20)"
add LINKS_SECRET "$(secret 32)"

if [ -e "$file" ] && cmp -s "$file" "$new"; then
    rm "$new"
    echo "$file has all it needs and stays as it is."
else
    mv "$new" "$file"
    echo "$file is made."
fi
