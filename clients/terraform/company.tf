# A company in 20 modules: two departments with their integrations, two sets of cloud accounts, and 16 services, of
# which 12 mirror dashboards of the other four.
locals {
  departments = toset(["retail", "lending"])
  accounts    = toset(["production", "staging"])
  platforms   = toset(["network", "storage", "compute", "identity"])
  products = toset([
    "basket", "search", "prices", "orders", "loans", "ledger", "cards", "fraud", "rates", "reports", "mail", "stock",
  ])
}

module "paging" {
  source   = "./modules/paging"
  for_each = local.departments
  name     = each.key
  edition  = var.edition
}

module "cloud" {
  source   = "./modules/cloud"
  for_each = local.accounts
  name     = each.key
  edition  = var.edition
}

module "platform" {
  source   = "./modules/service"
  for_each = local.platforms
  name     = each.key
  edition  = var.edition
  chat     = module.paging["retail"].chat
  pager    = module.paging["retail"].pager
}

module "product" {
  source   = "./modules/service"
  for_each = local.products
  name     = each.key
  edition  = var.edition
  chat     = module.paging["lending"].chat
  pager    = module.paging["lending"].pager
  mirrored = { for name, platform in module.platform : name => platform.latency }
}
