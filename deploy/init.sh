#!/bin/sh
# Makes, once, what the nodes of docker-compose.yml know each other by: certificates, a token for clients, and a
# password for the database. Each secret goes to a volume that only those mount who need it. Run again, it keeps
# what is there, and makes anew only certificates that end within a month.
set -eu
umask 077

dotnet /app/actortrainer.dll certs init --out /secrets/certs \
  --node server-0 --node server-1 --node server-2 \
  --node "gateway,${GATEWAY_NAMES}" \
  --node "worker,${CLUSTER_NETWORK}" \
  --token /secrets/access/token
cp /secrets/certs/ca.pem /secrets/access/ca.pem

if [ ! -s /secrets/database/connection ]; then
  password=$(od -An -tx1 -N24 /dev/urandom | tr -d ' \n')
  printf '%s' "$password" > /secrets/database/password
  printf 'Host=postgres;Database=actortrainer;Username=actortrainer;Password=%s' "$password" > /secrets/database/connection
fi

# Nodes run as 1654, PostgreSQL as an account of its own; nobody else mounts these volumes.
chown -R 1654:1654 /secrets
chmod 755 /secrets/database
chmod 444 /secrets/database/password
