"""The register for programs: /api/v1, described by OpenAPI, under the same policy as the pages."""
