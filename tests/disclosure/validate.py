"""Prints, for each value in a list, whether a schema allows it, according to a complete validator."""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1]) as file:
    schema, values = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
json.dump([validator.is_valid(value) for value in values], sys.stdout)
