package dk.elleve.tenantdata.collection;

import dk.elleve.contracts.TenantId;

/// Where a collection is.
public record Place(TenantId tenant, String area, String collection) {}
