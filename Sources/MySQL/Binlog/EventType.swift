// SPDX-License-Identifier: Apache-2.0

/// The kind of an event: `Log_event_type` of MySQL (libbinlogevents/binlog_event.h), with MariaDB's from 160 on.
@frozen
public struct EventType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let query = EventType(rawValue: 2)
  public static let stop = EventType(rawValue: 3)
  public static let rotate = EventType(rawValue: 4)
  public static let intVar = EventType(rawValue: 5)
  public static let appendBlock = EventType(rawValue: 9)
  public static let deleteFile = EventType(rawValue: 11)
  public static let rand = EventType(rawValue: 13)
  public static let userVar = EventType(rawValue: 14)
  public static let formatDescription = EventType(rawValue: 15)
  public static let xid = EventType(rawValue: 16)
  public static let beginLoadQuery = EventType(rawValue: 17)
  public static let executeLoadQuery = EventType(rawValue: 18)
  public static let tableMap = EventType(rawValue: 19)
  public static let writeRowsV1 = EventType(rawValue: 23)
  public static let updateRowsV1 = EventType(rawValue: 24)
  public static let deleteRowsV1 = EventType(rawValue: 25)
  public static let incident = EventType(rawValue: 26)
  public static let heartbeat = EventType(rawValue: 27)
  public static let ignorable = EventType(rawValue: 28)
  public static let rowsQuery = EventType(rawValue: 29)
  public static let writeRows = EventType(rawValue: 30)
  public static let updateRows = EventType(rawValue: 31)
  public static let deleteRows = EventType(rawValue: 32)
  public static let gtid = EventType(rawValue: 33)
  public static let anonymousGTID = EventType(rawValue: 34)
  public static let previousGTIDs = EventType(rawValue: 35)
  public static let transactionContext = EventType(rawValue: 36)
  public static let viewChange = EventType(rawValue: 37)
  public static let xaPrepare = EventType(rawValue: 38)
  public static let partialUpdateRows = EventType(rawValue: 39)
  public static let transactionPayload = EventType(rawValue: 40)
  public static let heartbeatV2 = EventType(rawValue: 41)
  public static let taggedGTID = EventType(rawValue: 42)

  public static let annotateRows = EventType(rawValue: 160)
  public static let binlogCheckpoint = EventType(rawValue: 161)
  public static let mariaDBGTID = EventType(rawValue: 162)
  public static let gtidList = EventType(rawValue: 163)
  public static let startEncryption = EventType(rawValue: 164)
  public static let queryCompressed = EventType(rawValue: 165)
  public static let writeRowsCompressedV1 = EventType(rawValue: 166)
  public static let updateRowsCompressedV1 = EventType(rawValue: 167)
  public static let deleteRowsCompressedV1 = EventType(rawValue: 168)
  public static let writeRowsCompressed = EventType(rawValue: 169)
  public static let updateRowsCompressed = EventType(rawValue: 170)
  public static let deleteRowsCompressed = EventType(rawValue: 171)
  /// MariaDB 12: a piece of a rows event; we do not put them together.
  public static let partialRowData = EventType(rawValue: 172)

  /// The server's name, or its number: "Write_rows", "event 200".
  public var description: String {
    Self.names[rawValue] ?? "event \(rawValue)"
  }

  private static let names: [UInt8: String] = [
    0: "Unknown", 1: "Start_v3", 2: "Query", 3: "Stop", 4: "Rotate", 5: "Intvar", 6: "Load", 7: "Slave",
    8: "Create_file", 9: "Append_block", 10: "Exec_load", 11: "Delete_file", 12: "New_load", 13: "RAND",
    14: "User_var", 15: "Format_desc", 16: "Xid", 17: "Begin_load_query", 18: "Execute_load_query", 19: "Table_map",
    20: "Write_rows_event_old", 21: "Update_rows_event_old", 22: "Delete_rows_event_old", 23: "Write_rows_v1",
    24: "Update_rows_v1", 25: "Delete_rows_v1", 26: "Incident", 27: "Heartbeat", 28: "Ignorable", 29: "Rows_query",
    30: "Write_rows", 31: "Update_rows", 32: "Delete_rows", 33: "Gtid", 34: "Anonymous_Gtid", 35: "Previous_gtids",
    36: "Transaction_context", 37: "View_change", 38: "XA_prepare", 39: "Update_rows_partial",
    40: "Transaction_payload", 41: "Heartbeat_v2", 42: "Gtid_tagged", 160: "Annotate_rows", 161: "Binlog_checkpoint",
    162: "Gtid (MariaDB)", 163: "Gtid_list", 164: "Start_encryption", 165: "Query_compressed",
    166: "Write_rows_compressed_v1", 167: "Update_rows_compressed_v1", 168: "Delete_rows_compressed_v1",
    169: "Write_rows_compressed", 170: "Update_rows_compressed", 171: "Delete_rows_compressed",
    172: "Partial_row_data",
  ]

  /// Nothing in it concerns the content of tables, though we do not read it.
  var isHarmless: Bool { self == .transactionContext || self == .viewChange }
}
