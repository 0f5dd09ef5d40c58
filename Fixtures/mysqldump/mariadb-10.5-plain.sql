-- MariaDB dump 10.19  Distrib 10.5.23-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: shop
-- ------------------------------------------------------
-- Server version	10.5.23-MariaDB-0+deb11u1-log

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

--
-- Position to start replication or point-in-time recovery from
--

-- CHANGE MASTER TO MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=7875;

--
-- GTID to start replication from
--

CHANGE MASTER TO MASTER_USE_GTID=slave_pos;
SET GLOBAL gtid_slave_pos='3-18508-2,0-18508-24';

--
-- Table structure for table `kinds`
--

DROP TABLE IF EXISTS `kinds`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `kinds` (
  `id` bigint(20) unsigned NOT NULL,
  `ti` tinyint(4) DEFAULT NULL,
  `de` decimal(20,5) DEFAULT NULL,
  `dbl` double DEFAULT NULL,
  `bi` bit(10) DEFAULT NULL,
  `c` char(4) DEFAULT NULL,
  `vb` varbinary(40) DEFAULT NULL,
  `bn` binary(4) DEFAULT NULL,
  `bl` blob DEFAULT NULL,
  `tx` text DEFAULT NULL,
  `la` varchar(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  `gb` varchar(40) CHARACTER SET gbk COLLATE gbk_chinese_ci DEFAULT NULL,
  `sj` varchar(40) CHARACTER SET sjis COLLATE sjis_japanese_ci DEFAULT NULL,
  `en` enum('a','it''s','Ã¼') DEFAULT NULL,
  `st` set('x','y','z') DEFAULT NULL,
  `d` date DEFAULT NULL,
  `dt` datetime(6) DEFAULT NULL,
  `ts` timestamp(3) NULL DEFAULT NULL,
  `tm` time(2) DEFAULT NULL,
  `yr` year(4) DEFAULT NULL,
  `js` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`js`)),
  `g` point DEFAULT NULL,
  `zf` int(6) unsigned zerofill DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `kinds`
--

LOCK TABLES `kinds` WRITE;
/*!40000 ALTER TABLE `kinds` DISABLE KEYS */;
INSERT INTO `kinds` VALUES (0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(2,NULL,NULL,-5e-324,NULL,NULL,NULL,NULL,'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'\0ÿ\'','',NULL,NULL,NULL,NULL,NULL,'0000-00-00','2026-00-00 00:00:00.000000','0000-00-00 00:00:00.000',NULL,NULL,NULL,NULL,NULL),(3,NULL,NULL,1e-20,NULL,NULL,NULL,NULL,NULL,'); INSERT INTO `x` VALUES (1); -- Dump completed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL),(18446744073709551615,-128,-1234567890.12300,1.7976931348623157e308,'','ab','\0\'\n\\','\0\0\0','','it\'s; -- \"q\"\n\r	\\\0\Z`end` ),(Ã¼%_','GrÃ¼ÃŸe','ä¸­æ–‡','è¡¨ç¤ºã‚½','it\'s','x,z','2026-01-02','2026-01-02 03:04:05.678901','2026-01-02 01:04:05.678','-838:59:59.00',2026,'{\"a\": [1, \"it\'s \\\\ \\n Ã¼\", null]}','\0\0\0\0\0\0\0\0\0\0\0\0\0ð?\0\0\0\0\0\0\0@',000042);
/*!40000 ALTER TABLE `kinds` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `gen`
--

DROP TABLE IF EXISTS `gen`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `gen` (
  `a` int(11) NOT NULL,
  `b` int(11) GENERATED ALWAYS AS (`a` + 1) STORED,
  `c` varchar(9) DEFAULT 'x',
  `d` int(11) GENERATED ALWAYS AS (`a` * 2) VIRTUAL,
  PRIMARY KEY (`a`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `gen`
--

LOCK TABLES `gen` WRITE;
/*!40000 ALTER TABLE `gen` DISABLE KEYS */;
INSERT INTO `gen` VALUES (1,2,'one',2),(2,3,NULL,4);
/*!40000 ALTER TABLE `gen` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `parts`
--

DROP TABLE IF EXISTS `parts`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `parts` (
  `id` int(11) NOT NULL,
  `v` varchar(10) DEFAULT NULL,
  `hid` int(11) INVISIBLE DEFAULT 5,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci
 PARTITION BY HASH (`id`)
PARTITIONS 2;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `parts`
--

LOCK TABLES `parts` WRITE;
/*!40000 ALTER TABLE `parts` DISABLE KEYS */;
INSERT INTO `parts` (`id`, `v`, `hid`) VALUES (2,'q',5),(1,'p',5),(3,'r',5);
/*!40000 ALTER TABLE `parts` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `extra`
--

DROP TABLE IF EXISTS `extra`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `extra` (
  `id` int(11) NOT NULL,
  `i6` inet6 DEFAULT NULL,
  `cv` varchar(300) /*!100301 COMPRESSED*/ DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `extra`
--

LOCK TABLES `extra` WRITE;
/*!40000 ALTER TABLE `extra` DISABLE KEYS */;
INSERT INTO `extra` VALUES (1,'::1','abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'abc\'');
/*!40000 ALTER TABLE `extra` ENABLE KEYS */;
UNLOCK TABLES;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2026-11-25 20:56:56
