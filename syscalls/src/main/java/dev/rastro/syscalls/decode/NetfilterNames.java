package dev.rastro.syscalls.decode;

/** The sets of names of netfilter's messages: linux/netfilter/nfnetlink*.h. */
final class NetfilterNames {
  private NetfilterNames() {}

  /** The set for a subsystem; empty when it has no names here. */
  static String set(String subsystem) {
    return switch (subsystem) {
      case "NFNL_SUBSYS_CTNETLINK" -> "netfilter_conntrack";
      case "NFNL_SUBSYS_CTNETLINK_EXP" -> "netfilter_expect";
      case "NFNL_SUBSYS_QUEUE" -> "netfilter_queue";
      case "NFNL_SUBSYS_ULOG" -> "netfilter_log";
      case "NFNL_SUBSYS_IPSET" -> "netfilter_ipset";
      case "NFNL_SUBSYS_ACCT" -> "netfilter_acct";
      case "NFNL_SUBSYS_CTNETLINK_TIMEOUT" -> "netfilter_timeout";
      case "NFNL_SUBSYS_CTHELPER" -> "netfilter_cthelper";
      case "NFNL_SUBSYS_NFTABLES" -> "netfilter_nftables";
      case "NFNL_SUBSYS_NFT_COMPAT" -> "netfilter_compat";
      case "NFNL_SUBSYS_HOOK" -> "netfilter_hook";
      default -> "";
    };
  }
}
