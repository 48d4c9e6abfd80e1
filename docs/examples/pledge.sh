#!/bin/sh
# Announce a pledge to a need, safely: sending it again under the same Idempotency-Key makes no second pledge.
#   PARTNERSHIPS_KEY=pfp_... sh pledge.sh https://the.platform KHM-2026-014 3500000 NOK
set -eu
address=$1 need=$2 amount=$3 currency=$4
curl --silent --show-error --fail-with-body "$address/api/v1/pledges" \
  --header "Authorization: Bearer $PARTNERSHIPS_KEY" \
  --header "Content-Type: application/json" \
  --header "Idempotency-Key: $need-$amount-$currency" \
  --data "{\"object\": \"need\", \"need\": \"$need\", \"amount\": \"$amount\", \"currency\": \"$currency\"}"
